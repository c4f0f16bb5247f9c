import SystemPackage

/// An Indexed Job of Kubernetes, as YAML: each index does its share of the pictures.
struct KubernetesJob {
  let command: JobCommand
  let resources: TaskResources
  let name: KubernetesName
  let image: String
  let mounts: [VolumeMount]
  /// The program and its arguments, as text.
  let words: [String]

  var text: String {
    """
    # By pastiche job kubernetes, for kubectl apply -f: Kubernetes 1.29 or later.
    #
    # Each index paints its share of the pictures. It may run twice without harm: it goes on where it ended.
    # Where pictures can't be painted its log and the manifest say which, and why; the others are done, and
    # the Job ends as failed, with its index among status.failedIndexes.
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: \(YAMLString.quoted(name.text))
    spec:
      completionMode: Indexed
      completions: \(resources.shards)
      parallelism: \(min(resources.atOnce ?? resources.shards, resources.shards))
      # What is tried again at all is so often, later and later.
      backoffLimitPerIndex: \(TaskWrapper.tries)
      podFailurePolicy:
        rules:
          # A node that is emptied, or lost: not counted.
          - action: Ignore
            onPodConditions:
              - type: DisruptionTarget
                status: "True"
          # Arguments that aren't understood: by no index.
          - action: FailJob
            onExitCodes:
              containerName: pastiche
              operator: In
              values: [64]
          # Tried again are a full disk (\(TaskWrapper.tryAgain), of the script below), a kill (137: for memory, most often) and an end
          # from outside (143); not pictures that can't be painted (1, 2).
          - action: FailIndex
            onExitCodes:
              containerName: pastiche
              operator: NotIn
              values: [\(TaskWrapper.tryAgain), 137, 143]
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: pastiche
              image: \(YAMLString.quoted(image))
              command:
                - /bin/bash
                - -c
                - |
    \(Self.script.map { "              \($0)" }.joined(separator: "\n"))
                - bash
    \(words.map { "            - \(YAMLString.quoted(ContainerArgument.escaped($0)))" }.joined(separator: "\n"))
              resources:
                requests:
                  cpu: "\(resources.cpus)"
                  memory: \(resources.megabytes)Mi
                limits:
                  cpu: "\(resources.cpus)"
                  memory: \(resources.megabytes)Mi
    \((volumeMounts + volumes).joined(separator: "\n"))
    """
  }

  /// What a pod runs.
  static let script =
    TaskWrapper.lines(traps: ["trap 'asked=1; end' TERM"])
    + [
      "[ \"$status\" -ne 0 ] && [ \"$full\" -eq 1 ] && exit \(TaskWrapper.tryAgain)",
      "exit \"$status\"",
    ]

  private var volumeMounts: [String] {
    ["          volumeMounts:"]
      + mounts.enumerated().flatMap { number, mount in
        [
          "            - name: volume-\(number)",
          "              mountPath: \(YAMLString.quoted(mount.path.string))",
        ] + (mount.isReadOnly ? ["              readOnly: true"] : [])
      }
  }

  private var volumes: [String] {
    [
      "      # Pods on several nodes write to it: ReadWriteMany.",
      "      volumes:",
    ]
      + mounts.enumerated().flatMap { number, mount in
        [
          "        - name: volume-\(number)",
          "          persistentVolumeClaim:",
          "            claimName: \(YAMLString.quoted(mount.claim.text))",
        ] + (mount.isReadOnly ? ["            readOnly: true"] : [])
      }
  }
}
