import type { Endpoints } from "./endpoint.ts";
import { codeScanningEndpoints } from "./endpoints/code-scanning.ts";
import { commentEndpoints } from "./endpoints/comments.ts";
import { repositoryEndpoints } from "./endpoints/repository.ts";
import { userEndpoints } from "./endpoints/user.ts";

/** Every operation that the stand-in keeps, by its id in GitHub's description. */
export const endpoints: Endpoints = {
  ...repositoryEndpoints,
  ...commentEndpoints,
  ...codeScanningEndpoints,
  ...userEndpoints,
};
