import { ROUTES, type Route } from '../handlers/routes.ts';

export interface MatchedRoute {
  route: Route;
  /** As they stand in the URL, still percent-encoded, as a REST API hands them on. */
  pathParameters: Record<string, string> | null;
}

/** The route of a request; or, where the path exists, the methods it takes; or nothing. */
export function matchRoute(method: string, path: string): MatchedRoute | { allow: string[] } | undefined {
  const ofPath = ROUTES.flatMap((route) => {
    const match = patternOf(route.resource).exec(path);
    return match ? [{ route, pathParameters: match.groups ? { ...match.groups } : null }] : [];
  });
  if (ofPath.length === 0) return undefined;
  return (
    ofPath.find(({ route }) => route.method === method) ?? { allow: ofPath.map(({ route }) => route.method) }
  );
}

/** `/logs/{id}` matches one segment that is not empty. */
function patternOf(resource: string): RegExp {
  return new RegExp(`^${resource.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}
