// An image with something for each of Trivy's scanners to find. Its packages are only what the
// package managers would have noted down of them.
import type { LayerFiles } from "./oci-image.ts";

const DEBIAN: LayerFiles = {
  "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  "etc/debian_version": "12.5\n",
  "var/lib/dpkg/status": [
    "Package: zlib1g",
    "Status: install ok installed",
    "Architecture: amd64",
    "Source: zlib (1:1.2.13.dfsg-1)",
    "Version: 1:1.2.13.dfsg-1",
    "",
    "Package: libssl3",
    "Status: install ok installed",
    "Architecture: amd64",
    "Source: openssl",
    "Version: 3.0.13-1~deb12u1",
    "",
    "",
  ].join("\n"),
};

const SITE_PACKAGES = "usr/local/lib/python3.11/site-packages";

const PYTHON: LayerFiles = {
  [`${SITE_PACKAGES}/jinja2-3.1.2.dist-info/METADATA`]:
    "Metadata-Version: 2.1\nName: Jinja2\nVersion: 3.1.2\nLicense: BSD-3-Clause\n",
  [`${SITE_PACKAGES}/requests-2.31.0.dist-info/METADATA`]:
    "Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\nLicense: GPL-3.0\n",
};

const NODE: LayerFiles = {
  "app/node_modules/lodash/package.json": '{"name":"lodash","version":"4.17.20","license":"MIT"}\n',
};

/** In two parts, so that nobody takes this file for a leak. */
const KEY_ID = ["AKIA", "QWERTYUIOPASDFGH"].join("");
const TOKEN = ["ghp_", "0123456789abcdefghijABCDEFGHIJ012345"].join("");

/** What must not be seen outside of the image. */
export const SECRETS: readonly string[] = [KEY_ID, TOKEN];

const APPLICATION: LayerFiles = {
  "app/settings.env": `# deploy user of the blue team\nAWS_ACCESS_KEY_ID=${KEY_ID}\nTOKEN=${TOKEN}\n`,
  "app/pod.yaml": [
    "apiVersion: v1",
    "kind: Pod",
    "metadata: { name: shop }",
    "spec:",
    "  containers:",
    "    - name: shop",
    "      image: shop:latest",
    "      securityContext: { privileged: true }",
    "",
  ].join("\n"),
};

/** A layer each of Debian, Python and Node packages, and one with secrets and a manifest. */
export const VULNERABLE_LAYERS: readonly LayerFiles[] = [DEBIAN, PYTHON, NODE, APPLICATION];

/** An operating system whose support has ended, without packages that have anything. */
export const OUTDATED_LAYERS: readonly LayerFiles[] = [
  {
    "etc/os-release": 'ID=debian\nVERSION_ID="9"\n',
    "etc/debian_version": "9.13\n",
    "var/lib/dpkg/status":
      "Package: hello\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n",
  },
];

/** Neither an operating system nor a package. */
export const EMPTY_LAYERS: readonly LayerFiles[] = [{ "hello.txt": "hello\n" }];
