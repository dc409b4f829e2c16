import { traceLink } from '../client/known-attributes.ts';
import { byId, recall, remember } from './document.ts';

/** The name under which this browser keeps the template. */
const KEY = 'trace-template';

/** The address of a trace in the tracing system, with `{traceId}` in it; empty where none is set. */
export function traceTemplate(): string {
  return recall(KEY) ?? '';
}

/** The field of the settings that takes the template. */
export function bindTraceTemplate(): void {
  const field = byId('trace-template', HTMLInputElement);
  field.value = traceTemplate();
  field.addEventListener('input', () => {
    const isRight = field.value === '' || traceLink(field.value, 'id') !== undefined;
    field.setCustomValidity(isRight ? '' : 'It begins with https:// or http:// and has {traceId} in it.');
    if (field.reportValidity()) remember(KEY, field.value);
  });
}
