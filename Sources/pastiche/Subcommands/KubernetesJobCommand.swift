import ArgumentParser
import SystemPackage

/// `pastiche job kubernetes ... -- ARGUMENTS`
struct KubernetesJobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubernetes",
    abstract: "Print an Indexed Job for Kubernetes.",
    usage: """
      pastiche job kubernetes [<options>] --image <image> --mount <claim:/path> ...
        -- <input> ... -o <out> [<options of stylize>]
      """,
    discussion: """
        pastiche job kubernetes --image registry/pastiche --mount pictures:/p \\
          -- /p/photos/ -r -o /p/painted/ -m great-wave | kubectl apply -f -

      Paths are those in the container; the image has pastiche in its PATH, and bash. Where \
      pictures fail the others are done, and the Job ends as failed, with the indexes that had some.
      """)

  @OptionGroup var resources: TaskResources

  @Option(help: ArgumentHelp("The image that has the program.", valueName: "image"))
  var image: String

  @Option(help: ArgumentHelp("The Job's name.", valueName: "name"))
  var name = "pastiche"

  @Option(
    help: ArgumentHelp(
      "A persistent volume claim, and where it is in the container; may be given again.",
      valueName: "claim:/path[:ro]"))
  var mount: [VolumeMount] = []

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp(
      "Pictures, -o and options, as pastiche stylize takes them.", valueName: "arguments"))
  var arguments: [String] = []

  func validate() throws { _ = try job() }

  func run() throws {
    let job = try job()
    if let note = job.command.note { StandardError.writeLine(note) }
    try StandardOutput.writeLine(job.text)
  }

  func job() throws -> KubernetesJob {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
    // A pod's own name has its index behind, and is a label, too.
    let longest = 63 - "-\(resources.shards - 1)".count
    guard let label = KubernetesName(name), name.count <= longest else {
      throw ValidationError(
        "--name must be at most \(longest) small letters, digits and hyphens, not \"\(printable(name))\""
      )
    }
    try check(
      !image.isEmpty && image.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) },
      "--image must name an image, not \"\(printable(image))\"")
    let command = try JobCommand(arguments, resources, shard: .automatic(count: resources.shards))
    for (index, mount) in mount.enumerated()
    where self.mount[..<index].contains(where: { $0.path == mount.path }) {
      throw ValidationError("two claims are to be at \(printable(mount.path)): mount one elsewhere")
    }
    for path in command.inputs + [command.output] where !path.path.isAbsolute {
      throw ValidationError(
        "\(printable(path.path)) is relative: name what is in the container from / on, below a "
          + "--mount")
    }
    let output = command.output.path
    guard
      let holder = mount.filter({ $0.holds(output) }).max(by: {
        $0.path.components.count < $1.path.components.count
      })
    else {
      throw ValidationError(
        "\(printable(output)) would be gone with the pod: name the claim that keeps it, as in "
          + "--mount pictures:\(printable(output.removingLastComponent()))")
    }
    try check(
      !holder.isReadOnly, "\(printable(output)) is to be written, but lies in a mount that is ro")
    let words = try command.arguments.map { argument in
      guard let text = String(validating: RawArguments.bytes(of: argument), as: UTF8.self) else {
        throw ValidationError("Kubernetes takes UTF-8 alone, not \"\(printable(argument))\"")
      }
      return text
    }
    return KubernetesJob(
      command: command, resources: resources, name: label, image: image, mounts: mount,
      words: ["pastiche"] + words)
  }
}
