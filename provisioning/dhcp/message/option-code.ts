/** Numbers of DHCP options (RFC 2132 and those named beside each), by the names used here. */
export const optionCode = {
  pad: 0,
  subnetMask: 1,
  timeOffset: 2,
  routers: 3,
  dnsServers: 6,
  hostName: 12,
  domainName: 15,
  broadcastAddress: 28,
  ntpServers: 42,
  vendorEncapsulated: 43,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterRequestList: 55,
  message: 56,
  maximumMessageSize: 57,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientIdentifier: 61,
  tftpServerName: 66,
  bootFileName: 67,
  /** RFC 3004. */
  userClass: 77,
  /** RFC 3046. */
  relayAgentInformation: 82,
  /** RFC 3679 lists it as URL; Gigaset's first choice. */
  defaultUrl: 114,
  /** RFC 3397. */
  domainSearch: 119,
  /** RFC 3361. */
  sipServers: 120,
  /** RFC 3442. */
  classlessRoutes: 121,
  /** In use by phones, assigned to nobody: VLAN and 802.1p priority. */
  vlanId: 132,
  vlanPriority: 133,
  /** RFC 5859. */
  tftpServerAddresses: 150,
  /** Private use: the provisioning URL in the fashion of several vendors. */
  url159: 159,
  url160: 160,
  url161: 161,
  /** Microsoft's number for 121. */
  classlessRoutesMicrosoft: 249,
  end: 255,
} as const;

/** Options that carry the protocol itself: rules may not set them. */
export const protocolOptions: ReadonlySet<number> = new Set([
  optionCode.pad,
  optionCode.requestedAddress,
  optionCode.leaseTime,
  optionCode.overload,
  optionCode.messageType,
  optionCode.serverIdentifier,
  optionCode.parameterRequestList,
  optionCode.message,
  optionCode.maximumMessageSize,
  optionCode.renewalTime,
  optionCode.rebindingTime,
  optionCode.clientIdentifier,
  optionCode.relayAgentInformation,
  optionCode.end,
]);
