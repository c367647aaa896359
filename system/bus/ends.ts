/** The two ends of the bus between call plane and management plane, with their message types. */
import { Bus, type BusOptions } from './bus.ts';
import type {
  CallPlaneEvents,
  CallPlaneRequests,
  ManagementPlaneEvents,
  ManagementPlaneRequests,
} from './contract.ts';

export type CallPlaneBus = Bus<
  CallPlaneRequests,
  ManagementPlaneRequests,
  CallPlaneEvents,
  ManagementPlaneEvents
>;

export type ManagementPlaneBus = Bus<
  ManagementPlaneRequests,
  CallPlaneRequests,
  ManagementPlaneEvents,
  CallPlaneEvents
>;

export function createCallPlaneBus(options: BusOptions): CallPlaneBus {
  return new Bus(options);
}

export function createManagementPlaneBus(options: BusOptions): ManagementPlaneBus {
  return new Bus(options);
}
