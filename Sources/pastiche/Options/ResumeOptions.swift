import ArgumentParser
import BatchStylizer
import SystemFiles
import SystemPackage

/// What a run takes down of itself, goes on with, and shares with others.
struct ResumeOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Keep a manifest in the output directory: .pastiche-manifest.jsonl, a line for each picture.")
  )
  var manifest = false

  @Flag(
    help: ArgumentHelp(
      "Do what a manifest doesn't show as done, or shows as failed, changed since, or painted with "
        + "another style or other options; nothing else that is there is touched."))
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Do one share of the pictures, 0/n to n-1/n, by default all; auto takes it from an array job's "
        + "variables.",
      discussion: """
        Shares have nothing in common, and may be done twice. Under --norm batch-live pictures keep \
        company with those of their share alone, and come out otherwise than in one run. pastiche \
        job writes the scripts of array jobs.
        """, valueName: "i/n|auto[/n]"))
  var shard: ShardArgument?

  /// What is said where pictures' company, of which a share has another, decides how they come out.
  static let companyNote =
    "--norm batch-live: pictures keep company with those of their share alone, and come out otherwise "
    + "than in one run"

  /// Whether the run keeps a manifest.
  var keepsManifest: Bool { manifest || resume || shard != nil }

  /// - Throws: A usage error where the run doesn't go into a directory.
  func validate(_ target: BatchPlan.Target) throws {
    guard keepsManifest, case .file = target else { return }
    let flag = resume ? "--resume" : shard != nil ? "--shard" : "--manifest"
    throw ValidationError("\(flag) keeps a manifest among the outputs: name a directory with -o")
  }

  /// What is done of what is there already.
  ///
  /// - Throws: `Refusal` where a manifest can't be read.
  func existing(
    in target: BatchPlan.Target, _ shard: Shard?, _ recipe: Recipe, overwrites: Bool
  ) throws(Refusal) -> ExistingOutputs {
    guard resume, case .directory(let directory) = target else {
      return overwrites ? .replace : .leave
    }
    do throws(ManifestError) {
      let resumption = try Resumption(into: directory, shard, recipe)
      return .resume(resumption, replacingOthers: overwrites)
    } catch {
      throw Refusal(error)
    }
  }

  /// Opens the manifest; nil where none is kept.
  ///
  /// - Throws: `Refusal` where it can't be written.
  func writer(
    in target: BatchPlan.Target, _ shard: Shard?, _ recipe: Recipe
  ) throws(Refusal) -> ManifestWriter? {
    guard keepsManifest, case .directory(let directory) = target else { return nil }
    do throws(ManifestError) { return try ManifestWriter(into: directory, shard, recipe) } catch {
      throw Refusal(error)
    }
  }
}

/// `i/n`, `auto` or `auto/n`.
enum ShardArgument: Equatable, ExpressibleByArgument {
  case share(Shard)
  /// That of an array job's task, with the number of its tasks where its variables don't tell it.
  case automatic(count: Int?)

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    func number(_ text: Substring) -> Int? {
      text.allSatisfy { ("0"..."9").contains($0) } ? Int(text) : nil
    }
    if parts == ["auto"] {
      self = .automatic(count: nil)
    } else if parts.count == 2, parts[0] == "auto", let count = number(parts[1]), count >= 1 {
      self = .automatic(count: count)
    } else if parts.count == 2, let index = number(parts[0]), let count = number(parts[1]),
      let shard = Shard(index, of: count)
    {
      self = .share(shard)
    } else {
      return nil
    }
  }

  /// The argument as it is typed.
  var text: String {
    switch self {
    case .share(let shard): "\(shard)"
    case .automatic(let count): "auto" + (count.map { "/\($0)" } ?? "")
    }
  }

  /// - Throws: `Refusal` where no array job's variables tell the share.
  func shard(_ variables: (String) -> String?) throws(Refusal) -> Shard {
    switch self {
    case .share(let shard): return shard
    case .automatic(let count):
      do throws(ArrayTaskError) { return try ArrayTask.shard(count: count, variables) } catch {
        throw Refusal("\(error)")
      }
    }
  }
}
