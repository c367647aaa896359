/** Which kind of device a model is: what lists show while nobody knows the exact model. */
import type { Model, ModelKind } from './vendors/vendor.ts';

/** Without a model: a phone, which most are. */
export function kindOfModel(model: Model | undefined): ModelKind {
  if (model?.kind !== undefined) {
    return model.kind;
  }
  if (model?.features.includes('dect') === true) {
    return 'base';
  }
  return model?.features.includes('fxs') === true ? 'adapter' : 'phone';
}
