#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the package for a vendor's SDK; called by package.sh, which explains the arguments."""

import argparse
import datetime
import hashlib
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tomllib

from spdx_tools.common.spdx_licensing import spdx_licensing
from spdx_tools.spdx import model
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from spdx_tools.spdx.writer.write_anything import write_file

import matrix

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build/package-cargo"
# For those who change micrort. Whoever builds with it needs nothing of these.
LEFT_OUT = (".ci/", ".gitignore", "benches/", "fuzz/", "scripts/", "mkdocs.yml", "west.yml", "west-current.yml")
# Of core, alloc and compiler_builtins, as the files in Rust's share/doc/rust/licenses are called.
LICENSES_OF_RUST = ("Apache-2.0", "MIT", "LLVM-exception")
FEATURES = "zephyr,panic-handler"


def die(message):
    sys.exit(f"micrort: {message}")


def output_of(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def source_files():
    """Those that git knows, as they are in this folder."""
    try:
        listed = output_of("git", "ls-files", "-z", "--cached").split("\0")
    except (OSError, subprocess.CalledProcessError):
        die("a package is made in a clone: git says which files are micrort's")
    return sorted(file for file in listed
                  if file and not file.startswith(LEFT_OUT) and (ROOT / file).is_file())


def commit():
    name = output_of("git", "rev-parse", "HEAD").strip()
    if output_of("git", "status", "--porcelain", "--untracked-files=no"):
        print("micrort: not everything is committed, so the package is of no commit", file=sys.stderr)
        name += "-dirty"
    return name


def check_version(version):
    """Who tells the version beside Cargo.toml."""
    for file, text in (("zephyr/module.yml", f"micrort:micrort:{version}:"),
                       ("zephyr/module.yml", f"micrort@v{version}"), ("CHANGELOG.md", version)):
        if text not in (ROOT / file).read_text():
            die(f"{file} does not tell the version of Cargo.toml, {version}")


def moment():
    """When all in the package is said to be from: the commit's time, or SOURCE_DATE_EPOCH."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output_of("git", "log", "-1", "--format=%ct"))


def target_of(library):
    return library.removesuffix("-m7")


def check_names(libraries):
    known = matrix.MATRIX["libraries"]
    for library in libraries:
        if library not in known:
            die(f"no library is called {library}; there are {', '.join(known)}")


def cmake_script(name, **variables):
    # A cargo that is told other flags on the way would compile something else.
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("CARGO_PROFILE_", "CARGO_BUILD_", "RUSTC"))}
    done = subprocess.run(["cmake", "-DCARGO=cargo", "-DRUSTC=rustc",
                           *(f"-D{variable}={value}" for variable, value in variables.items()),
                           "-P", ROOT / "cmake" / name], check=False, cwd=ROOT, env=environment)
    if done.returncode:
        die(f"cmake/{name} failed for {variables.get('LIBRARY') or variables['TARGET']}")


def vendor_dir():
    """The folder with the crates, or "" for those of cargo's registry."""
    name = os.environ.get("MICRORT_VENDOR_DIR", "")
    if name and not os.path.isdir(name):
        die(f"MICRORT_VENDOR_DIR: there is no folder {name}")
    return os.path.abspath(name) if name else ""


def core_of(target, sysroot):
    """The sysroot with a core that was built from source, or "" where Rust has core for the target."""
    for tried in (["target", "add", target], ["component", "add", "rust-src"]):
        if any((sysroot / "lib/rustlib" / target / "lib").glob("libcore-*.rlib")):
            return ""
        if shutil.which("rustup"):
            subprocess.run(["rustup", *tried], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           check=False)
    if not (sysroot / "lib/rustlib/src/rust/library/core/Cargo.toml").is_file():
        die(f"this Rust has no core library for {target}: rustup target add {target}, or, for its source, "
            "rustup component add rust-src")
    # Another compiler or other flags, another core.
    of = output_of("rustc", "-vV") + "".join((ROOT / "cmake" / file).read_text()
                                             for file in ("build_core.cmake", "rustc.cmake"))
    work = WORK / f"core-{hashlib.sha256(of.encode()).hexdigest()[:8]}"
    cmake_script("build_core.cmake", TARGET=target, DIR=work, SYSROOT=work / "sysroot",
                 STAMP=work / "sysroot/lib/rustlib" / target / "stamp")
    return work / "sysroot"


def build(library, folder, debug, sysroot):
    cmake_script("build_library.cmake", LIBRARY=library, FOLDER=folder, WORK=WORK / library,
                 SYSROOT=core_of(target_of(library), sysroot), STRIP="OFF" if debug else "ON",
                 DEBUG="ON" if debug else "OFF", MICRORT_VENDOR_DIR=vendor_dir())


def crates(libraries):
    """The crates that are in one of the libraries, by name: the cargo metadata of each."""
    found = {}
    vendored = []
    if vendor_dir():
        vendored = ["--offline", "--config", "source.crates-io.replace-with='vendored'",
                    "--config", f"source.vendored.directory='{vendor_dir()}'"]
    for target in {target_of(library) for library in libraries}:
        metadata = json.loads(output_of("cargo", "metadata", "--quiet", "--format-version=1", "--locked",
                                        f"--filter-platform={target}", f"--features={FEATURES}", *vendored))
        nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
        packages = {package["id"]: package for package in metadata["packages"]}
        wanted = [metadata["resolve"]["root"]]
        while wanted:
            package = packages[wanted.pop()]
            found[package["name"], package["version"]] = package
            wanted += [dependency["pkg"] for dependency in nodes[package["id"]]["deps"]
                       if any(kind["kind"] is None for kind in dependency["dep_kinds"])]
    return [found[name] for name in sorted(found) if found[name]["source"]]


def check_licenses(sysroot):
    for name in LICENSES_OF_RUST:
        if not (sysroot / "share/doc/rust/licenses" / f"{name}.txt").is_file():
            die(f"this Rust brings no licence {name}, which belongs into the package: take a newer one by rustup "
                "(1.88 has it)")


def copy_licenses(package, inside, sysroot):
    for crate in inside:
        source = pathlib.Path(crate["manifest_path"]).parent
        folder = package / "licenses" / f"{crate['name']}-{crate['version']}"
        folder.mkdir(parents=True)
        texts = [file for file in source.iterdir()
                 if file.is_file() and file.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))]
        if not texts:
            die(f"{source} has no licence to put into the package")
        for text in texts:
            shutil.copyfile(text, folder / text.name)
    folder = package / "licenses/rust"
    folder.mkdir(parents=True)
    for name in LICENSES_OF_RUST:
        shutil.copyfile(sysroot / "share/doc/rust/licenses" / f"{name}.txt", folder / f"{name}.txt")


def spdx(package, name, version, inside, libraries, rust, when):
    """The bill of materials: what is in the libraries."""
    # Other libraries, another document.
    of = hashlib.sha256("".join(sha256(package / "lib" / library / "libmicrort.a")
                                for library in libraries).encode()).hexdigest()
    checksums = {(crate["name"], crate["version"]): crate.get("checksum")
                 for crate in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]}
    document = model.Document(model.CreationInfo(
        "SPDX-2.3", "SPDXRef-DOCUMENT", name, f"https://github.com/micrort/micrort/spdx/{of}",
        [model.Actor(model.ActorType.ORGANIZATION, "The micrort authors"),
         model.Actor(model.ActorType.TOOL, "scripts/package.py")], when))

    def add(identifier, package_name, package_version, location, license_text, sha=None):
        license = spdx_licensing.parse(license_text)
        document.packages.append(model.Package(
            identifier, package_name, location, version=package_version, files_analyzed=False,
            checksums=[model.Checksum(model.ChecksumAlgorithm.SHA256, sha)] if sha else [],
            license_declared=license, license_concluded=license,
            copyright_text=model.SpdxNoAssertion()))

    def relate(one, kind, other):
        document.relationships.append(model.Relationship(one, kind, other))

    kinds = model.RelationshipType
    add("SPDXRef-micrort", "micrort", version, model.SpdxNoAssertion(), "Apache-2.0")
    relate("SPDXRef-DOCUMENT", kinds.DESCRIBES, "SPDXRef-micrort")
    add("SPDXRef-rust", "rust-core-alloc-compiler_builtins", rust, "https://github.com/rust-lang/rust",
        "(MIT OR Apache-2.0) AND (Apache-2.0 WITH LLVM-exception)")
    statically = ["SPDXRef-rust"]
    for crate in inside:
        identifier = f"SPDXRef-{crate['name'].replace('_', '-')}"
        add(identifier, crate["name"], crate["version"],
            f"https://crates.io/api/v1/crates/{crate['name']}/{crate['version']}/download",
            crate["license"].replace("/", " OR "), checksums[crate["name"], crate["version"]])
        statically.append(identifier)
    for library in libraries:
        file = package / "lib" / library / "libmicrort.a"
        identifier = f"SPDXRef-lib-{library.replace('_', '-')}"
        document.files.append(model.File(
            f"./lib/{library}/libmicrort.a", identifier,
            [model.Checksum(model.ChecksumAlgorithm.SHA1, hashlib.sha1(file.read_bytes()).hexdigest()),
             model.Checksum(model.ChecksumAlgorithm.SHA256, sha256(file))],
            file_types=[model.FileType.ARCHIVE]))
        relate(identifier, kinds.GENERATED_FROM, "SPDXRef-micrort")
        for other in statically:
            relate(identifier, kinds.STATIC_LINK, other)
    wrong = validate_full_spdx_document(document)
    if wrong:
        die("the bill of materials is not valid: " + "; ".join(error.validation_message for error in wrong))
    write_file(document, str(package / "sbom.spdx.json"), validate=False)


def write_tar(package, archive, when):
    def plain(info):
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mtime = when
        info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
        return info

    with lzma.open(archive, "wb", preset=9) as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path in [package, *sorted(package.rglob("*"))]:
                tar.add(path, path.relative_to(package.parent), recursive=False, filter=plain)


def main():
    parser = argparse.ArgumentParser(prog="package.sh")
    parser.add_argument("--targets", nargs="+", default=matrix.MATRIX["libraries"], metavar="NAME")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "build/package", metavar="DIR")
    parser.add_argument("--debug", action="store_true")
    args = parser.parse_args()

    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    name = f"micrort-{version}"
    check_version(version)
    sysroot = pathlib.Path(output_of("rustc", "--print", "sysroot").strip())
    libraries = list(dict.fromkeys(args.targets))
    check_names(libraries)
    check_licenses(sysroot)
    when = moment()

    package = args.output.resolve() / name
    shutil.rmtree(package, ignore_errors=True)
    for file in source_files():
        (package / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, package / file)
    for library in libraries:
        build(library, package / "lib" / library, args.debug, sysroot)
    (package / "VERSION").write_text(f"{version}\n")
    inside = crates(libraries)
    copy_licenses(package, inside, sysroot)
    rustc = output_of("rustc", "-vV")
    spdx(package, name, version, inside, libraries, rustc.split()[1],
         datetime.datetime.fromtimestamp(when, datetime.timezone.utc).replace(tzinfo=None))

    files = sorted(path for path in package.rglob("*") if path.is_file())
    manifest = {
        "name": "micrort", "version": version, "commit": commit(),
        "rustc": rustc.splitlines(),
        "libraries": [json.loads((package / "lib" / library / "libmicrort.json").read_text())
                      for library in libraries],
        "files": {str(path.relative_to(package)): sha256(path) for path in files},
    }
    (package / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    archive = package.parent / f"{name}.tar.xz"
    write_tar(package, archive, when)

    for library in libraries:
        size = (package / "lib" / library / "libmicrort.a").stat().st_size
        print(f"{size:>9} lib/{library}/libmicrort.a")
    print(f"{archive.stat().st_size:>9} {archive}")
    print(f"SHA-256 {sha256(archive)}")


if __name__ == "__main__":
    main()
