/**
 * A change of one entity on its way to becoming part of a revision. Operations, going back and text
 * imports all become drafts, so that they are validated, stored and compiled in one way.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import { titleOfDectHandset, type DectHandset } from '../../configuration/entities/dect-handset.ts';
import { titleOfDevice, type Device } from '../../configuration/entities/device.ts';
import { titleOfDeviceModel, type DeviceModel } from '../../configuration/entities/device-model.ts';
import {
  titleOfRejectedDevice,
  type RejectedDevice,
} from '../../configuration/entities/rejected-device.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { titleOfUser, type User } from '../../configuration/entities/user.ts';
import type { Secret } from '../../foundation/secret.ts';

export interface Draft {
  readonly entity: EntityName;
  readonly id: string;
  /** Complete; undefined when the entity is new. */
  readonly before: AnyDocument | undefined;
  /** Undefined when the entity is deleted; unchecked until `validateDrafts` has seen it. */
  readonly after: AnyDocument | undefined;
  /** A clear SIP password to be sealed, or null to take it away. */
  readonly sipPassword: Secret | null | undefined;
  /** The operation it comes from; undefined for what was not asked for as such. */
  readonly operation: number | undefined;
}

export function keyOf(entity: EntityName, id: string): string {
  return `${entity}/${id}`;
}

/** What people call the entity. */
export function titleOf(entity: EntityName, document: AnyDocument): string {
  switch (entity) {
    case 'user':
      return titleOfUser(document as User);
    case 'device':
      return titleOfDevice(document as Device);
    case 'rejected-device':
      return titleOfRejectedDevice(document as RejectedDevice);
    case 'device-model':
      return titleOfDeviceModel(document as DeviceModel);
    case 'device-template':
    case 'device-file':
    case 'device-group':
    case 'dect-system':
    case 'device-authority':
      return String(document['name']);
    case 'dect-handset':
      return titleOfDectHandset(document as DectHandset);
    case 'settings':
      return 'Settings';
    case 'provisioning':
      return 'Provisioning';
    case 'dhcp':
      return 'DHCP';
    case 'device-access':
      return 'Device access';
    case 'redirection-service':
      return String(document['service']);
  }
}

export function kindOf(draft: Pick<Draft, 'before' | 'after'>): 'create' | 'update' | 'delete' {
  if (draft.before === undefined) {
    return 'create';
  }
  return draft.after === undefined ? 'delete' : 'update';
}
