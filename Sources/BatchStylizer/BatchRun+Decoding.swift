import ImageFiles
import StyleEngine
import SystemFiles
import SystemPackage

extension BatchRun {
  /// The members of a group that can be decoded, skipped ones for company, or nil where none is to
  /// be done. Tells of those that end here.
  ///
  /// - Parameter evict: Lets go of the memory that the network keeps.
  func decoded(_ items: ArraySlice<BatchPlan.Item>, evict: () -> Void) -> DecodedGroup? {
    let members = opened(items)
    guard members.contains(where: { $0.item.state == .pending }) else { return nil }
    do throws(ItemError) {
      let plan = try plan(members)
      budget.admit(holding: plan.decodingBytes, network: plan.networkBytes, evict: evict)
      var group: DecodedGroup?
      defer {
        budget.release(plan.decodingBytes - (group?.heldBytes ?? 0))
        if group == nil { budget.withdrawNetwork() }
      }
      group = try read(plan, company: items)
      return group
    } catch {
      for member in members where member.item.state == .pending {
        end(member.item, .failed(error))
      }
      return nil
    }
  }

  /// The members that can be opened. Tells of the others, and of those that are skipped.
  private func opened(_ items: ArraySlice<BatchPlan.Item>) -> [GroupPlan.Member] {
    let hasWork = items.contains { $0.state == .pending }
    var members: [GroupPlan.Member] = []
    for item in items {
      if item.state == .skipped { end(item, .skipped) }
      do throws(ItemError) {
        if case .failed(let error) = item.state { throw error }
        guard hasWork, !control.isCancelled,
          let member = try opened(item, isAlone: items.count == 1)
        else { continue }
        members.append(member)
      } catch {
        if item.state != .skipped { end(item, .failed(error)) }
      }
    }
    return members
  }

  /// A member as its header describes it; nil where it was cancelled.
  func opened(_ item: BatchPlan.Item, isAlone: Bool) throws(ItemError) -> GroupPlan.Member? {
    guard let source = try files.open(item, unless: { control.isCancelled }) else { return nil }
    // What can be opened again isn't held open by all of a large group.
    let staysOpen = isAlone || FileIdentity(of: item.input)?.isRegularFile != true
    return GroupPlan.Member(
      item, source, staysOpen: staysOpen, depth: files.depth(of: item))
  }

  /// Makes the plan for a group.
  ///
  /// - Throws: `ItemError.network` where the memory is too small.
  func plan(_ members: [GroupPlan.Member]) throws(ItemError) -> GroupPlan {
    try ItemError.of { () throws(StyleNetworkError) in try GroupPlan(members, session) }
  }

  /// The samples of a group's members; nil where none of them is to be done any more.
  private func read(
    _ plan: GroupPlan, company: ArraySlice<BatchPlan.Item>
  ) throws(ItemError) -> DecodedGroup? {
    var (scratch, samples) = try ItemError.of { () throws(StyleNetworkError) in
      try session.reserve(plan.execution, for: plan.members.map(\.picture))
    }
    var pictures: [DecodedPicture] = []
    for (member, file) in zip(plan.members, samples) {
      do throws(ItemError) {
        if let picture = try read(member, in: file) { pictures.append(picture) }
      } catch {
        if member.item.state != .skipped { end(member.item, .failed(error)) }
      }
    }
    guard !control.isCancelled, pictures.contains(where: { $0.item.state == .pending }) else {
      return nil
    }
    var execution = plan.execution
    if pictures.count < plan.members.count {
      do throws(ItemError) {
        execution = try self.plan(remaining: pictures, of: plan)
        if execution.scratchBytes > plan.execution.scratchBytes {
          scratch = try ItemError.of { () throws(StyleNetworkError) in
            try session.reserve(execution.scratchBytes)
          }
        }
      } catch {
        // The others have been told of.
        for picture in pictures where picture.item.state == .pending {
          end(picture.item, .failed(error), picture.progress)
        }
        return nil
      }
    }
    if company.count > 1 {
      let missing = company.filter { item in !pictures.contains { $0.item == item } }
      if !missing.isEmpty {
        let note = BatchNote.missingCompany(
          pictures: pictures.count, without: missing.map(\.input))
        for index in pictures.indices { pictures[index].notes.append(note) }
      }
    }
    return DecodedGroup(
      pictures: pictures, plan: execution, scratch: scratch, networkBytes: plan.networkBytes)
  }

  /// The plan for those of a group that were read: of the network alone, as the samples are where they
  /// are, and within what was set aside for it, as the rest is other groups'.
  private func plan(remaining pictures: [DecodedPicture], of plan: GroupPlan)
    throws(ItemError) -> ExecutionPlan
  {
    let sizes = pictures.map {
      ExecutionPlan.Job.Size(width: $0.image.width, height: $0.image.height)
    }
    let memory = MemoryShare.whole(
      ofPlans: plan.networkBytes + plan.execution.sharedBytes)
    return try ItemError.of { () throws(StyleNetworkError) in
      try session.network.plan(ExecutionPlan.Job(sizes: sizes), memory: memory)
    }
  }

  /// A member's samples; nil where it was cancelled.
  private func read(_ member: GroupPlan.Member, in scratch: ScratchFile?)
    throws(ItemError) -> DecodedPicture?
  {
    let item = member.item
    var opened = member.source
    if opened == nil { opened = try files.open(item, unless: { control.isCancelled }) }
    guard let source = opened else { return nil }
    let progress = item.state == .pending ? control.start() : nil
    let height = member.picture.info.height
    do throws(ImageFileError) {
      let image = try session.store(source, as: member.picture, in: scratch) { row in
        progress?.advance(.decoding, row: row, of: height)
        return control.isCancelled
      }
      guard let image else { return nil }
      return DecodedPicture(
        item: item, image: image, metadata: source.metadata,
        notes: source.notes.map(BatchNote.image),
        before: item.state == .pending ? try thumbnail(of: StoredRows(image)) : nil,
        heldBytes: scratch == nil ? member.picture.sampleBytes : 0, progress: progress)
    } catch {
      if let progress { control.drop(progress) }
      throw .image(error)
    }
  }
}
