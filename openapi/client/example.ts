// Proves that the types can be used: the shapes of one answer and one request.
import type { components, paths } from "./schema";

type Problem = components["schemas"]["Problem"];
type Settings = paths["/v1/settings"]["get"]["responses"]["200"]["content"]["application/json"];

export function explain(problem: Problem): string {
  return `${problem.title} (${problem.code}, ${problem.request_id})`;
}

export function brand(answer: Settings): string {
  return answer.settings.brand;
}
