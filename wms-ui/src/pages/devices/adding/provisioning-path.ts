/** Where the services, the window and the doors for devices are set. */
export const provisioningPath = '/provisioning';
