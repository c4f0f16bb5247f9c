#!/usr/bin/env python3
"""Validates what `pastiche job kubernetes` prints against the API's schema; README.md says how."""

import argparse, copy, pathlib, re, subprocess, sys

import kubernetes_validate, yaml

package = pathlib.Path(__file__).resolve().parents[2]
OLDEST = "1.29.0"  # What the printed file says.

# The options of a job, and the arguments of its tasks.
JOBS = [
    (["--mount", "pictures:/p"], ["/p/in/", "-o", "/p/out/"]),
    (["--mount", "pictures:/p", "--mount", "photo.archive:/in:ro", "--mount", "c0:/a b/'c'", "--name", "n" * 61,
      "--shards", "1"], ["/in/", "/a b/", "-r", "-o", "/a b/'c'/out/"]),
    (["--mount", "pictures:/p", "--shards", "100000", "--at-once", "7", "--cpus", "1024", "--memory", "64G"],
     ["/p/in/", "-o", "/p/out/", "-m", "great-wave", "--norm", "instance", "--resume", "-q", "80"]),
    (["--mount", "pictures:/p", "--image", "registry:5000/a/b@sha256:" + "0" * 64, "--name", "0"],
     ["-o", "/p/$(HOME) $$(HOME) $$$(A) $HOME ${HOME} $", "--", "/p/it's \"1\"\n\t\\n: - # é 雪 \u2028\u202e.png",
      "/p/`x`", "/p/{{a}}", "/p/\x1b[1m\x7f\x85\ufeff\U0001f600", "/p/ ", "/p/a\r\n", "/p/--- |"]),
]

# Fields that aren't the API's, or of another type: where, and what.
FAULTS = [
    ("spec", "backoffLimitPerIndexes", 5),
    ("spec", "completions", "8"),
    ("spec.podFailurePolicy.rules.0", "onPodCondition", []),
    ("spec.podFailurePolicy.rules.1.onExitCodes", "values", ["64"]),
    ("spec.podFailurePolicy.rules.2", "action", None),
    ("spec.template.spec.containers.0", "arguments", []),
    ("spec.template.spec.containers.0.resources", "limit", {}),
    ("spec.template.spec.volumes.0.persistentVolumeClaim", "claim", "pictures"),
]


class Reader(yaml.SafeLoader):
    """Refuses a key that is there twice, as the API does."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key is there twice: {keys}"
        return super().construct_mapping(node, deep)


def handed_on(text):
    """An argument as Kubernetes hands it to a container where no variable is set: $$ becomes $, and $(NAME) stays.

    https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
    """
    return re.sub(r"\$\$|\$\([^)]*\)", lambda found: "$" if found[0] == "$$" else f"EXPANDED {found[0]}", text)


def is_refused(job, version):
    try:
        kubernetes_validate.validate(job, version, strict=True)
    except kubernetes_validate.ValidationError:
        return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pastiche", nargs="?", default=package / ".build/release/pastiche", type=pathlib.Path)
    pastiche = parser.parse_args().pastiche.resolve()
    versions = kubernetes_validate.utils.all_versions()
    versions = versions[versions.index(OLDEST):]
    for options, arguments in JOBS:
        text = subprocess.run(
            [pastiche, "job", "kubernetes", "--image", "registry/pastiche", *options, "--", *arguments],
            check=True, capture_output=True).stdout.decode()
        [job] = yaml.load_all(text, Reader)
        for version in versions:
            kubernetes_validate.validate(job, version, strict=True)
        [container] = job["spec"]["template"]["spec"]["containers"]
        command = [handed_on(each) for each in container["command"]]
        assert command[:2] == ["/bin/bash", "-c"] and command[3:6] == ["bash", "pastiche", "stylize"], command
        assert command[2] == container["command"][2], "Kubernetes changes the script"
        subprocess.run(["bash", "-n", "-c", command[2]], check=True)
        assert command[-len(arguments):] == arguments, (command, arguments)
        assert job["spec"]["completionMode"] == "Indexed" and container["image"].startswith("registry"), job
        mounts = [each["mountPath"] for each in container["volumeMounts"]]
        wanted = [options[at + 1].split(":")[1] for at, each in enumerate(options) if each == "--mount"]
        assert mounts == wanted, (mounts, wanted)
        print(f"valid, and {len(arguments)} arguments as they were typed: {' '.join(options)[:70]}")
    for where, field, value in FAULTS:
        wrong = copy.deepcopy(job)
        at = wrong
        for key in where.split("."):
            at = at[int(key) if key.isdecimal() else key]
        at[field] = value
        assert all(is_refused(wrong, version) for version in versions), f"not refused: {where}.{field}"
        print(f"refused: {where}.{field}: {value!r}")
    by = f"kubernetes-validate {kubernetes_validate.__version__}"
    print(f"by the schemas of Kubernetes {versions[0]} to {versions[-1]}, {by}")


if __name__ == "__main__":
    main()
