import ArgumentParser
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import pastiche

/// The YAML as it is printed, and the script in it as a container runs it.
@Suite(.deadline(minutes: 5)) struct KubernetesJobTests {
  private func job(_ arguments: [String]) throws -> KubernetesJob {
    try KubernetesJobCommand.parse(
      ["--image", "a/b:1", "--mount", "pictures:/p"] + arguments
    ).job()
  }

  @Test func itsArgumentsAreThoseTyped() throws {
    let words = try job(["--", "/p/Käse $(HOME)/", "-o", "/p/b/", "-m", "ink"]).words
    #expect(
      words == [
        "pastiche", "stylize", "--shard", "auto/8", "--resume", "--jobs", "4", "--memory", "1984M",
        "/p/Käse $(HOME)/", "-o", "/p/b/", "-m", "ink",
      ])
  }

  @Test func itIsAnIndexedJob() throws {
    let text = try job([
      "--shards", "5", "--at-once", "9", "--name", "wave", "--cpus", "2", "--memory", "1G",
      "--mount", "photos:/photos:ro", "--", "/photos/$(NAME)/", "-o", "/p/b/", "--resume",
    ]).text
    let data = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
      .joined(separator: "\n")
    let script = KubernetesJob.script.filter { !$0.hasPrefix("#") }
      .map { "              \($0)" }.joined(separator: "\n")
    #expect(
      data == """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: "wave"
        spec:
          completionMode: Indexed
          completions: 5
          parallelism: 5
          backoffLimitPerIndex: 5
          podFailurePolicy:
            rules:
              - action: Ignore
                onPodConditions:
                  - type: DisruptionTarget
                    status: "True"
              - action: FailJob
                onExitCodes:
                  containerName: pastiche
                  operator: In
                  values: [64]
              - action: FailIndex
                onExitCodes:
                  containerName: pastiche
                  operator: NotIn
                  values: [75, 137, 143]
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: pastiche
                  image: "a/b:1"
                  command:
                    - /bin/bash
                    - -c
                    - |
        \(script)
                    - bash
                    - "pastiche"
                    - "stylize"
                    - "--shard"
                    - "auto/5"
                    - "--jobs"
                    - "2"
                    - "--memory"
                    - "960M"
                    - "/photos/$$(NAME)/"
                    - "-o"
                    - "/p/b/"
                    - "--resume"
                  resources:
                    requests:
                      cpu: "2"
                      memory: 1024Mi
                    limits:
                      cpu: "2"
                      memory: 1024Mi
                  volumeMounts:
                    - name: volume-0
                      mountPath: "/p"
                    - name: volume-1
                      mountPath: "/photos"
                      readOnly: true
              volumes:
                - name: volume-0
                  persistentVolumeClaim:
                    claimName: "pictures"
                - name: volume-1
                  persistentVolumeClaim:
                    claimName: "photos"
                    readOnly: true
        """)
  }

  @Test(
    .enabled(if: Bash.isThere),
    arguments: [
      ("exit 0", 0), ("exit 1", 1), ("exit 2", 2), ("exit 64", 64), ("kill -KILL $$", 137),
      ("echo 'No space left on device' >&2; exit 1", 75),
      ("echo 'Disk quota exceeded' >&2; exit 2", 75), ("echo 'No space left on device' >&2", 0),
    ]) func theContainerEndsWith(_ program: String, _ status: Int32) throws
  {
    let script = KubernetesJob.script.joined(separator: "\n")
    let run = try Bash(["-c", script, "bash", "/bin/bash", "-c", program])
    #expect(run.status == status, "\(run.errors)")
  }

  @Test(.enabled(if: Bash.isThere)) func aPodThatIsToEndEndsTheProgram() throws {
    let folder = try TemporaryFolder()
    let program =
      "trap 'exit 143' TERM; : > '\(folder["ready"])'; while :; do sleep 0.01; done"
    let script = KubernetesJob.script.joined(separator: "\n")
    let run = try Bash(["-c", script, "bash", "/bin/bash", "-c", program]) { process in
      while folder.content(of: "ready") == nil { usleep(1000) }
      kill(process, SIGTERM)
    }
    #expect(run.status == 143, "\(run.errors)")
  }

  /// Whether the program is still to be started, or its number still to be noted.
  @Test(.enabled(if: Bash.isThere), arguments: ["words=$!", "program=$!", "exec 3>&-"])
  func aSignalAtAnyMomentReachesTheProgram(_ moment: String) throws {
    let lines = KubernetesJob.script.map { $0 == moment ? "kill -TERM \"$BASHPID\"; \($0)" : $0 }
    #expect(lines != KubernetesJob.script)
    let program = "trap 'exit 143' TERM; while :; do sleep 0.01; done"
    let run = try Bash(
      ["-c", lines.joined(separator: "\n"), "bash", "/bin/bash", "-c", program])
    #expect(run.status == 143, "\(run.errors)")
    #expect(run.errors.isEmpty)
  }
}
