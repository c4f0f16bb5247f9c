import BatchStylizer
import StyleTraining
import SystemFiles
import SystemPackage

extension Train {
  /// Paintings that are trained together, and where what comes of them goes.
  struct Job {
    let paintings: [(path: FilePath, name: String, output: FilePath)]
    /// The file of a base that is trained for several.
    let base: FilePath?
    let checkpoints: CheckpointDirectory

    var outputs: [FilePath] { paintings.map(\.output) + (base.map { [$0] } ?? []) }

    /// The sheet of previews, beside the first style.
    var sheet: FilePath {
      let output = paintings[0].output
      return output.removingLastComponent().appending("\(output.stem ?? "style").png")
    }
  }

  /// What is to be done, and what of several paintings was done before an interruption.
  func jobs() -> (toDo: [Job], done: [Job]) {
    let jobs = allJobs()
    guard resume, !overwrite, jobs.count > 1 else { return (jobs, []) }
    func isDone(_ job: Job) -> Bool { job.outputs.allSatisfy { FileIdentity(of: $0) != nil } }
    return (jobs.filter { !isDone($0) }, jobs.filter(isDone))
  }

  private func allJobs() -> [Job] {
    let all = style.map { painting in
      let name = isDirectory ? painting.path.stem ?? "style" : output.path.stem ?? "style"
      let file = isDirectory ? output.path.appending("\(name).safetensors") : output.path
      return (path: painting.path, name: name, output: file)
    }
    func directory(_ path: FilePath) -> CheckpointDirectory {
      CheckpointDirectory(path, keeping: keep)
    }
    if trainsAll, isDirectory {
      let beside = output.path.appending("\(Self.baseName).training")
      return [
        Job(
          paintings: all, base: output.path.appending("\(Self.baseName).safetensors"),
          checkpoints: directory(checkpoints?.path ?? beside))
      ]
    }
    return all.map { painting in
      let beside = painting.output.removingLastComponent().appending("\(painting.name).training")
      let named = checkpoints.map { all.count > 1 ? $0.path.appending(painting.name) : $0.path }
      return Job(paintings: [painting], base: nil, checkpoints: directory(named ?? beside))
    }
  }

  /// What is read, beside the photographs and the networks.
  var pictures: [FilePath] { style.map(\.path) + preview.map(\.path) }

  /// - Parameter inputs: What is read, beside `pictures`.
  /// - Throws: `Refusal` where an output is there already, or is what is read.
  func refuseOutputs(_ jobs: [Job], inputs: [FilePath]) throws(Refusal) {
    let inputs = pictures + inputs
    for job in jobs {
      let outputs = job.outputs.map { (kind: "output", path: $0) }
      let page = page.html.map { [(kind: "page", path: $0.path)] } ?? []
      try OutputFiles(outputs + page).refuse(
        amongst: inputs, replacing: overwrite, makesDirectories: true)
      if !preview.isEmpty {
        try OutputFiles(page + [("sheet", job.sheet)])
          .refuse(
            amongst: inputs + job.outputs, replacing: overwrite || resume, makesDirectories: true)
      }
      if !resume, !overwrite, let last = job.checkpoints.files.first {
        throw Refusal(
          "\(printable(last)) is of a training before this one; pass --resume to go on with it, or "
            + "--overwrite to begin anew")
      }
    }
  }

  /// - Throws: `Refusal` where an output can't be written, which would be a pity to find at the end.
  func requireRoom(for jobs: [Job]) throws(Refusal) {
    for output in jobs.flatMap(\.outputs) {
      do throws(AtomicFileError) { _ = try AtomicFile(path: output, replacing: overwrite) } catch {
        throw Refusal(error)
      }
    }
  }

  /// Makes the directory of a job's checkpoints.
  ///
  /// - Throws: `Refusal` where it can't be made.
  func prepare(_ checkpoints: CheckpointDirectory) throws(Refusal) {
    do throws(ItemError) { try makeDirectory(checkpoints.path) } catch {
      let flag = self.checkpoints == nil ? "-o" : "--checkpoints"
      throw Refusal("\(error); choose another with \(flag)")
    }
  }

  /// The photographs to practise on, in the same order each time.
  func photographs(_ log: TrainingLog) -> [FilePath] {
    let places = content.isEmpty ? [library.sampleImages] : content.map(\.path)
    let found = Array(PictureWalk(places.map { .init($0) }, recursively: !content.isEmpty))
    for directory in found {
      guard let error = directory.error else { continue }
      log.failed(
        "\(printable(directory.path)): failed: \(error.message)")
    }
    return found.filter { $0.error == nil }.map(\.path).sorted { $0.precedes($1) }
  }
}
