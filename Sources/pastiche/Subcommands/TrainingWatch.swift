import ImageFiles
import Laboratory
import Layers
import StyleTraining
import SystemPackage

/// Looks on while a style is trained: tells, keeps checkpoints and paints previews.
final class TrainingWatch {
  private let command: Train
  private let job: Train.Job
  private let log: TrainingLog
  private let run: Training
  private let previews: TrainingPreviews?
  private let page: TrainingPage?
  private var curves = TrainingCurves()

  init(_ command: Train, _ job: Train.Job, _ log: TrainingLog, _ run: Training) throws {
    self.command = command
    self.job = job
    self.log = log
    self.run = run
    previews = try Self.previews(command, run)
    page = try command.page.trainingPage(
      style: run.paintings[0].name, replacing: command.overwrite)
    if run.iteration == 0 { try paintPreviews() }
  }

  private static func previews(_ command: Train, _ run: Training) throws -> TrainingPreviews? {
    guard !command.preview.isEmpty else { return nil }
    let previews = try TrainingPreviews(
      model: try command.model(run, 0, on: command.base(of: run)), workers: command.threads.count)
    for picture in command.preview {
      do throws(ImageFileError) { try previews.add(photograph: picture.path) } catch {
        throw Refusal("\(printable(picture.path)): \(error)")
      }
    }
    return previews
  }

  func observe(_ event: Training.Event) throws {
    switch event {
    case .setback(let iteration, let total, let rate):
      log.setback(iteration: iteration, total: total, rate: rate)
    case .iteration(let iteration):
      curves.add(iteration)
      log.ended(
        iteration, average: curves.last ?? iteration.terms,
        total: run.averageTotal ?? iteration.total)
      let isLast = iteration.share >= 1
      if iteration.number.isMultiple(of: command.checkpointEvery) || isLast {
        try writeCheckpoint()
      }
      if iteration.number.isMultiple(of: command.previewInterval) || isLast {
        try paintPreviews()
      }
    }
  }

  func writeCheckpoint() throws {
    try job.checkpoints.write(run.checkpoint, iteration: run.iteration)
    log.wrote("checkpoint", job.checkpoints.path, iteration: run.iteration)
  }

  /// Paints the previews with the first style as it is, on the sheet beside its file.
  private func paintPreviews() throws {
    guard let previews else { return }
    let model = try command.model(run, 0, on: command.base(of: run))
    try previews.add(model, iteration: run.iteration, progress: ExecutionProgress())
    try PathArgument(job.sheet).write(previews.sheet(), replacing: true)
    log.wrote("preview", job.sheet, iteration: run.iteration)
  }

  /// Writes the page.
  func finish() throws {
    try page?.finish(curves, weights: run.settings.weights, previews: previews)
  }
}
