import BatchStylizer
import ImageFiles
import StyleEngine
import Synchronization
import SystemFiles
import SystemPackage

/// The page of a run: its pictures in the order of the plan, however they come to their ends, and
/// their statistics.
public final class RunPage: Sendable {
  /// The entry of a picture on the page, empty where it was skipped.
  private struct Entry {
    var picture: PagePicture?
    var statistics: PictureStatistics?
  }

  /// A painting's place in the plan.
  private struct Place: Hashable {
    let input: FilePath
    let style: Int

    init(_ item: BatchPlan.Item) {
      input = item.input
      style = item.style
    }
  }

  private struct State {
    let file: PageFile
    /// Nil where pictures are painted in several styles, whose statistics don't go together.
    var statistics: StatisticsCollection?
    /// The place in the plan of the one to be written next.
    var next = 0
    /// The entries of pictures that were faster.
    var waiting: [Int: Entry] = [:]
  }

  private let places: [Place: Int]
  private let isOfSeveralStyles: Bool
  private let names: DistinctNames
  public let thumbnails: PageThumbnails
  private let reason: @Sendable (ItemError) -> String
  private let remark: @Sendable (BatchNote) -> String
  private let state: Mutex<State>

  /// Pictures whose statistics are plotted: those of more would take too much of the page.
  private static let maximumStatistics = 500

  /// - Parameters:
  ///   - file: The page's file, begun.
  ///   - plan: The run's pictures, in whose order the page's are.
  ///   - statistics: What gathers the norms' statistics; nil where they aren't plotted.
  ///   - reason: The words for why a picture failed.
  ///   - remark: The words for what there is to say of one that is done.
  public init(
    _ file: sending PageFile, of plan: BatchPlan, statistics: StatisticsCollection?,
    reason: @escaping @Sendable (ItemError) -> String,
    remark: @escaping @Sendable (BatchNote) -> String
  ) {
    places = Dictionary(
      plan.items.enumerated().map { (Place($1), $0) }, uniquingKeysWith: { first, _ in first })
    // Paintings of one photograph are told apart by where they go.
    isOfSeveralStyles = statistics == nil
    names = DistinctNames(plan.items.map(statistics == nil ? \.output : \.input))
    thumbnails = PageThumbnails(pictures: plan.items.count { $0.state == .pending })
    self.reason = reason
    self.remark = remark
    state = Mutex(State(file: file, statistics: statistics))
  }

  /// Enters a picture that has had its turn.
  public func ended(_ event: BatchEvent) {
    let entry = entry(event)
    state.withLock { state in
      guard let place = places[Place(event.item)] else { return }
      state.waiting[place] = entry
      while let entry = state.waiting.removeValue(forKey: state.next) {
        Self.write(entry, &state)
        state.next += 1
      }
    }
  }

  /// Completes the page with what there is.
  ///
  /// - Returns: The reason why the page couldn't be written, if it couldn't.
  public func finish(_ report: BatchReport) -> AtomicFileError? {
    state.withLock { state in
      // Where the run was ended, some are missing in between.
      for (_, entry) in state.waiting.sorted(by: { $0.key < $1.key }) { Self.write(entry, &state) }
      var remarks: [String] = []
      if report.skipped > 0 {
        remarks.append("\(report.skipped) skipped: outputs that were there already.")
      }
      if report.endedEarly {
        let ended = report.done + report.skipped + report.failureCount
        remarks.append(
          "The run ended early: \(counted(places.count - ended, "picture")) had no turn.")
      }
      let shown = state.statistics?.count ?? 0
      if report.done > shown, shown > 0 {
        remarks.append("The plots show the first \(shown) pictures.")
      }
      return state.file.finish(remarks: remarks, statistics: state.statistics?.statistics)
    }
  }

  private func entry(_ event: BatchEvent) -> Entry {
    let name = names.name(of: isOfSeveralStyles ? event.item.output : event.item.input)
    switch event.outcome {
    case .skipped, .done(_, _, _, looks: nil):
      return Entry()
    case .failed(let error):
      return Entry(
        picture: PagePicture(
          name: name, file: event.item.input, outcome: .failed(reason: reason(error))))
    case .done(let width, let height, let notes, let looks?):
      let outcome: PagePicture.Outcome
      do throws(ImageFileError) {
        outcome = .painted(
          width: width, height: height, before: try thumbnails.encoded(looks.before),
          after: try thumbnails.encoded(looks.after))
      } catch {
        outcome = .failed(reason: "It is done but can't be shown: \(reason(.image(error)))")
      }
      return Entry(
        picture: PagePicture(
          name: name, file: event.item.output, original: event.item.input,
          notes: notes.map { remark($0).printable }, outcome: outcome),
        statistics: looks.layers.isEmpty ? nil : PictureStatistics(looks.layers))
    }
  }

  private static func write(_ entry: Entry, _ state: inout State) {
    guard let picture = entry.picture else { return }
    state.file.append(picture)
    if let statistics = entry.statistics, let shown = state.statistics?.count,
      shown < maximumStatistics
    {
      state.statistics?.append(statistics, name: picture.name)
    }
  }
}
