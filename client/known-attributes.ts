import type { LogEntry } from '../entities/entry.ts';
import type { AttributeFilter } from '../entities/matches.ts';
import { attributesOf, attributeText } from './attribute-values.ts';

/** The attributes that name where an entry comes from, as OpenTelemetry, loggers and shippers call them, the best first. */
const SOURCE_NAMES = [
  'service.name',
  'service',
  'app',
  'application',
  'kubernetes.container_name',
  'k8s.container.name',
  'container_name',
  'container',
  'component',
  'SYSLOG_IDENTIFIER',
  'program',
  'appname',
  'logger',
  'log_group',
  'source',
];
/** `trace_id`, `traceId`, `trace.id`, `dd.trace_id`, `otelTraceID`, `xray_trace_id` and the like. */
const TRACE_NAME = /trace[._-]?id$/i;
/** OpenTelemetry writes zeros where there is no trace. */
const NO_TRACE = /^[0-]*$/;

/** The attribute that names the service which an entry comes from, if it has one. */
export function sourceOf(entry: LogEntry): AttributeFilter | undefined {
  for (const name of SOURCE_NAMES) {
    const text = attributeText(entry, name);
    if (text) return { name, text };
  }
  return undefined;
}

/** The id of the trace that an entry belongs to. */
export function traceOf(entry: LogEntry): string | undefined {
  return attributesOf(entry).find(({ name, text }) => TRACE_NAME.test(name) && !NO_TRACE.test(text))?.text;
}

/**
 * The page of a trace in the tracing system. Undefined where the template is no address of the web.
 * @param template with `{traceId}` in place of the id, such as `https://jaeger.example.com/trace/{traceId}`
 */
export function traceLink(template: string, traceId: string): string | undefined {
  const link = template.replaceAll('{traceId}', encodeURIComponent(traceId));
  return /^https?:\/\//i.test(link) && link !== template && URL.canParse(link) ? link : undefined;
}
