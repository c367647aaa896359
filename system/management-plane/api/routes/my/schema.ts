/** The wire form of what an account sees of itself, whatever its role. */
export {
  callRecordPageSchema as myCallRecordPageSchema,
  callRecordsQuerySchema as myCallRecordsQuerySchema,
  ownCallRecordSchema,
} from '../call-records/schema.ts';
