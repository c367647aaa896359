/**
 * The part of the settings that says which addresses SIP turns away: of each rule how much is borne
 * and how long who breaks it is blocked.
 */
import { z } from 'zod';
import { defaultedField } from './field.ts';

const superadminOnly = ['superadmin'] as const;

const year = 31_536_000;

const borneCount = (value: number, label: string, help: string) =>
  defaultedField(z.int().min(0).max(1_000_000), value, {
    label,
    help,
    changeableBy: superadminOnly,
  });

const blockTime = (value: number, label: string, help: string) =>
  defaultedField(z.int().min(10).max(year), value, {
    label,
    help,
    unit: 's',
    changeableBy: superadminOnly,
  });

export const sourceRuleFields = {
  sipFailedAuthentications: borneCount(
    50,
    'Wrong SIP passwords',
    'So many of one address within the window are borne; 0 turns the rule off. Local addresses and phones that have proved their password may break each rule ten times as often and are blocked for a minute at most.',
  ),
  sipFailedAuthenticationsBlockSec: blockTime(
    3_600,
    'Block after wrong SIP passwords',
    'How long the address is turned away.',
  ),
  sipUnansweredChallenges: borneCount(
    1_000,
    'Requests without a password',
    'So many of one address within the window are borne, unless it proves a password; 0 turns the rule off.',
  ),
  sipUnansweredChallengesBlockSec: blockTime(
    3_600,
    'Block after requests without a password',
    'How long the address is turned away.',
  ),
  sipMalformedMessages: borneCount(
    50,
    'Malformed messages',
    'So many of one address within the window are borne; 0 turns the rule off.',
  ),
  sipMalformedMessagesBlockSec: blockTime(
    600,
    'Block after malformed messages',
    'How long the address is turned away.',
  ),
  sipRulesWindowSec: defaultedField(z.int().min(10).max(86_400), 600, {
    label: 'Window for wrong SIP messages',
    help: 'In which wrong passwords, requests without a password and malformed messages are counted.',
    unit: 's',
    changeableBy: superadminOnly,
  }),
  sipMessagesPer10Sec: borneCount(
    2_000,
    'Messages in 10 seconds',
    'More from one address make it wait a while; 0 turns the rule off.',
  ),
  sipMessagesBlockSec: blockTime(
    30,
    'Block after too many messages',
    'How long the address is turned away.',
  ),
  sipFloodPer10Sec: borneCount(
    5_000,
    'Flood in 10 seconds',
    'More messages of one address, also of a blocked one, count as an attack; 0 turns the rule off.',
  ),
  sipFloodBlockSec: blockTime(3_600, 'Block after a flood', 'How long the address is turned away.'),
};
