// Names of folders in Trivy's cache.

/** What it has found in layers. */
export const LAYERS = "fanal";

/** The database of Java archives, which it fetches when it finds the first of them. */
export const JAVA = "java-db";
