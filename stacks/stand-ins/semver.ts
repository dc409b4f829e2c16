/** All that the X-Ray SDK asks of semver when it loads: is Node at least version 8? */
export function gte(): boolean {
  return true;
}
