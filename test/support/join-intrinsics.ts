/** A template value as text: joins put together, references and attributes as `${Name}`. */
export function joinIntrinsics(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as Intrinsic;
  if ('Ref' in intrinsic) return `\${${intrinsic.Ref}}`;
  if ('Fn::GetAtt' in intrinsic) return `\${${intrinsic['Fn::GetAtt'].join('.')}}`;
  if ('Fn::Join' in intrinsic) {
    const [separator, parts] = intrinsic['Fn::Join'];
    return parts.map(joinIntrinsics).join(separator);
  }
  throw new Error(`no text: ${JSON.stringify(value)}`);
}

type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': string[] }
  | { 'Fn::Join': [separator: string, parts: unknown[]] };
