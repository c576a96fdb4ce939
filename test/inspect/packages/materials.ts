// What the images of `every-manager.Dockerfile` are made of.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../../../scripts/lab/shell.ts";

const JARS = join(import.meta.dirname, "..", "..", "fixtures", "packages", "java");

/** https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2 */
const APK_DATABASE = `C:Q1/2FWvsKVDGaLSs0wTW3NR3bGLpg=
P:musl
V:1.2.4-r2
A:x86_64
L:MIT
o:musl
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1WMc0fQhDCTYGxZtBGDxSM4m+ezQ=

C:Q1OPEz3ykEUVrY1Vhpk5AfXSQm3Qg=
P:scanelf
V:1.3.7-r2
A:x86_64
L:GPL-2.0-only
o:pax-utils
F:usr
F:usr/bin
R:scanelf
a:0:0:755
Z:Q1WMc0fQhDCTYGxZtBGDxSM4m+ezQ=

`;

const GEM = `Gem::Specification.new do |gem|
  gem.name = "weighed"
  gem.version = "1.4.2"
  gem.summary = "Weighed"
  gem.authors = ["Someone"]
  gem.files = ["lib/weighed.rb", "lib/weighed/more.rb"]
end
`;

const RPM = `Name: weighed
Version: 2.1
Release: 3
Summary: Weighed
License: MIT
BuildArch: noarch
%description
Weighed.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/share/weighed
head -c 40000 /dev/zero > %{buildroot}/usr/bin/weighed
ln %{buildroot}/usr/bin/weighed %{buildroot}/usr/bin/same
head -c 2500 /dev/zero > %{buildroot}/usr/share/weighed/data
ln -s data %{buildroot}/usr/share/weighed/link
%files
/usr/bin/*
/usr/share/weighed
`;

const FILES: Readonly<Record<string, string>> = {
  "weighed.spec": RPM,
  "gem/weighed.gemspec": GEM,
  "gem/lib/weighed.rb": "x".repeat(3000),
  "gem/lib/weighed/more.rb": "x".repeat(500),
  "alpine/etc/alpine-release": "3.18.4\n",
  "alpine/lib/apk/db/installed": APK_DATABASE,
  "alpine/lib/ld-musl-x86_64.so.1": "m".repeat(40_000),
  "alpine/usr/bin/scanelf": "s".repeat(7000),
  "alpine/usr/bin/mine": "u".repeat(900),
  "go/go.mod": "module example.org/weighed/tool\n\ngo 1.21\n",
  "go/main.go": 'package main\n\nfunc main() { println("weighed") }\n',
};

/** Puts all of it into a context. */
export async function fillContext(context: string): Promise<void> {
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(context, path)), { recursive: true });
    await writeFile(join(context, path), content);
  }
  for (const jar of ["slf4j-nop-1.7.36.jar", "apiguardian-api-1.1.2.jar"]) {
    await copyFile(join(JARS, jar), join(context, jar));
  }
  await run("go", ["build", "-o", join(context, "tool"), "."], { cwd: join(context, "go") });
}
