/** One line of a generated file with everything that "explain" shows. */
import type { Origin } from '../scope/origin.ts';

export interface LineOrigin {
  /** The variable whose value stands in the line, or that decided that the line exists. */
  readonly variable: string;
  readonly origin: Origin;
}

export interface RenderedLine {
  /** The line as the device gets it, without line end. May hold secrets. */
  readonly text: string;
  /** The same for people and logs: every secret value is replaced. */
  readonly shown: string;
  /** `<template>:<line number>`, or `custom`. */
  readonly source: string;
  readonly origins: readonly LineOrigin[];
  readonly isSecret: boolean;
}

/** What stands for a secret in `shown`; its length says nothing about the secret. */
export const hiddenText = '••••••••';
