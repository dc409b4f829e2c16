/**
 * Stands in for semver, which the X-Ray SDK loads only to compare the versions of AWS SDK v2. The whole package
 * would add 28 KiB to each function.
 */
export function gte(): boolean {
  return true;
}
