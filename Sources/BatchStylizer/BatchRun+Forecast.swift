import ImageFiles
import StyleEngine
import SystemFiles

/// The forecast for one picture of a run, as far as its header tells.
public struct BatchForecast: Sendable {
  public enum Outcome: Sendable {
    /// The picture will be repainted, in company of so many in all.
    case repainted(ImageInfo, PaintingPlan, groupSize: Int)
    /// The picture will be written as it is, which takes so many bytes of memory.
    case copied(ImageInfo, memory: Int)
    /// The picture will be done, if it can: a pipe tells nothing before it is read.
    case unknown
    /// The picture is the first of a stream, which are counted as they come.
    case streamed
    case skipped
    case failed(ItemError)
  }

  public let item: BatchPlan.Item
  public let outcome: Outcome
}

extension BatchRun {
  /// Tells of every picture in the order of the plan what will become of it. Nothing but headers is
  /// read, and nothing is written.
  public func forecast(_ tell: (BatchForecast) throws -> Void) rethrows {
    if plan.stream != nil {
      for item in plan.items { try tell(BatchForecast(item: item, outcome: .streamed)) }
      return
    }
    for group in IteratorSequence(inputGroups) {
      let forecasts =
        paints
        ? forecasts(of: group)
        : group.items.map { BatchForecast(item: $0, outcome: copied($0, group.given?.first)) }
      for forecast in forecasts { try tell(forecast) }
    }
  }

  private func forecasts(of group: InputGroup) -> [BatchForecast] {
    let inputs = group.items.chunkedByInput
    let opened = inputs.enumerated().map { index, items -> Result<GroupPlan.Member?, ItemError> in
      do throws(ItemError) {
        let item = items[items.startIndex]
        if case .failed(let error) = item.state { throw error }
        return .success(
          try isReadable(item) ? self.opened(items, group.given?[index], isAlone: false) : nil)
      } catch {
        return .failure(error)
      }
    }
    let members = opened.compactMap { try? $0.get() }
    let plan: Result<GroupPlan, ItemError>? =
      if members.isEmpty { nil } else {
        Result { () throws(ItemError) in try self.plan(members) }
      }
    return zip(inputs, opened).flatMap { items, member in
      items.map { item in
        BatchForecast(item: item, outcome: outcome(item, member, plan, groupSize: members.count))
      }
    }
  }

  private func outcome(
    _ item: BatchPlan.Item, _ member: Result<GroupPlan.Member?, ItemError>,
    _ plan: Result<GroupPlan, ItemError>?, groupSize: Int
  ) -> BatchForecast.Outcome {
    if item.state == .skipped { return .skipped }
    do throws(ItemError) {
      guard let member = try member.get(), let plan = try plan?.get() else { return .unknown }
      return .repainted(member.work.info, plan.paintings[item.style], groupSize: groupSize)
    } catch {
      return .failed(error)
    }
  }

  private func copied(_ item: BatchPlan.Item, _ given: GivenPicture?) -> BatchForecast.Outcome {
    if item.state == .skipped { return .skipped }
    do throws(ItemError) {
      if case .failed(let error) = item.state { throw error }
      guard isReadable(item), let member = try opened([item], given, isAlone: true) else {
        return .unknown
      }
      return .copied(member.work.info, memory: try copyingBytes(member.work.pictures[0]))
    } catch {
      return .failed(error)
    }
  }

  /// Tells whether reading an item takes nothing away.
  private func isReadable(_ item: BatchPlan.Item) -> Bool {
    item.inputStatus?.identity.isRegularFile ?? false
  }
}
