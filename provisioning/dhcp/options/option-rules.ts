/**
 * Which options a client gets beyond those of its subnet: rules in order, each with a condition on
 * vendor class, user class, model, hardware address or tag. Of two rules that set the same option
 * the later one wins, so general ones stand first. Pure.
 */
import type { ClientFacts } from '../message/client-facts.ts';
import { DhcpError } from '../dhcp-error.ts';
import { protocolOptions } from '../message/option-code.ts';
import { serializeOptionValue, type OptionValue } from './option-value.ts';
import { expandVariables, sampleVariables, type OptionVariables } from './option-variables.ts';

/** Every list that is given must have an entry that fits; without any list the rule fits everyone. */
export interface OptionCondition {
  /** Beginnings of option 60, upper or lower case. */
  readonly vendorClasses?: readonly string[];
  /** Beginnings of option 77, upper or lower case. */
  readonly userClasses?: readonly string[];
  /** Beginnings of hardware addresses, hexadecimal with or without separators. */
  readonly macs?: readonly string[];
  /** Models as the device list names them, whole, upper or lower case. */
  readonly models?: readonly string[];
  /** Tags of a reservation or of the device list. */
  readonly tags?: readonly string[];
}

export interface OptionSetting {
  /** 1 to 254, none that the protocol itself uses. */
  readonly code: number;
  readonly value: OptionValue;
  /** Sent even where the client does not ask for it (option 55). */
  readonly isAlwaysSent?: boolean;
}

export interface OptionRule {
  /** Shown with the lease as the reason of an option. */
  readonly name: string;
  readonly when?: OptionCondition;
  readonly options: readonly OptionSetting[];
  /** siaddr, for boot loaders that look at nothing else; an address or `${server}`. */
  readonly nextServer?: string;
}

/** What the device list knows about a client. */
export interface DeviceDescription {
  readonly model?: string;
  readonly tags?: readonly string[];
}

export interface ChosenOption {
  readonly value: Buffer;
  readonly isAlwaysSent: boolean;
  /** Name of the rule. */
  readonly origin: string;
}

export interface ChosenOptions {
  readonly options: ReadonlyMap<number, ChosenOption>;
  readonly nextServer?: string;
}

/** A rule prepared for many questions: prefixes folded, values without variables already written. */
export class OptionRules {
  readonly #rules: readonly OptionRule[];
  readonly #folded: readonly FoldedCondition[];

  /**
   * `variables`: those of every interface that the rules are for. Throws DhcpError `invalid-option`
   * for a code or value that cannot be sent with them.
   */
  constructor(rules: readonly OptionRule[], variables: readonly OptionVariables[]) {
    for (const rule of rules) {
      for (const values of [sampleVariables, ...variables]) {
        checkRule(rule, values);
      }
    }
    this.#rules = rules;
    this.#folded = rules.map((rule) => foldCondition(rule.when ?? {}));
  }

  choose(facts: ClientFacts, device: DeviceDescription, variables: OptionVariables): ChosenOptions {
    const options = new Map<number, ChosenOption>();
    let nextServer: string | undefined;
    const client = foldClient(facts, device);
    this.#rules.forEach((rule, index) => {
      const condition = this.#folded[index];
      if (condition === undefined || !isFulfilled(condition, client)) {
        return;
      }
      nextServer = rule.nextServer ?? nextServer;
      for (const { code, value, isAlwaysSent = false } of rule.options) {
        options.set(code, {
          value: serializeOptionValue(value, variables),
          isAlwaysSent,
          origin: rule.name,
        });
      }
    });
    return nextServer === undefined ? { options } : { options, nextServer };
  }
}

function checkRule(rule: OptionRule, variables: OptionVariables): void {
  for (const { code, value } of rule.options) {
    if (!Number.isInteger(code) || code < 1 || code > 254 || protocolOptions.has(code)) {
      throw new DhcpError(
        'invalid-option',
        `Rule "${rule.name}" cannot set option ${String(code)}.`,
      );
    }
    serializeOptionValue(value, variables);
  }
  expandVariables(rule.nextServer ?? '', variables);
}

interface FoldedCondition {
  readonly vendorClasses: readonly string[] | undefined;
  readonly userClasses: readonly string[] | undefined;
  readonly macs: readonly string[] | undefined;
  readonly models: readonly string[] | undefined;
  readonly tags: readonly string[] | undefined;
}

function foldCondition(condition: OptionCondition): FoldedCondition {
  return {
    vendorClasses: condition.vendorClasses?.map((text) => text.toLowerCase()),
    userClasses: condition.userClasses?.map((text) => text.toLowerCase()),
    macs: condition.macs?.map((text) => text.toLowerCase().replace(/[^0-9a-f]/g, '')),
    models: condition.models?.map((text) => text.toLowerCase()),
    tags: condition.tags,
  };
}

interface FoldedClient {
  readonly vendorClass: string;
  readonly userClass: string;
  readonly mac: string;
  readonly model: string;
  readonly tags: readonly string[];
}

function foldClient(facts: ClientFacts, device: DeviceDescription): FoldedClient {
  return {
    vendorClass: facts.vendorClass?.text.toLowerCase() ?? '',
    userClass: facts.userClass?.toLowerCase() ?? '',
    mac: facts.mac,
    model: device.model?.toLowerCase() ?? '',
    tags: device.tags ?? [],
  };
}

function isFulfilled(condition: FoldedCondition, client: FoldedClient): boolean {
  return (
    hasPrefix(condition.vendorClasses, client.vendorClass) &&
    hasPrefix(condition.userClasses, client.userClass) &&
    hasPrefix(condition.macs, client.mac) &&
    (condition.models?.includes(client.model) ?? true) &&
    (condition.tags?.some((tag) => client.tags.includes(tag)) ?? true)
  );
}

function hasPrefix(prefixes: readonly string[] | undefined, text: string): boolean {
  return prefixes?.some((prefix) => prefix !== '' && text.startsWith(prefix)) ?? true;
}
