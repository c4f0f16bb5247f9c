import ImageFiles
import StyleEngine
import SystemFiles
import SystemPackage

extension BatchRun {
  /// The members of a group that can be decoded, skipped ones for company, or nil where none is to
  /// be done. Tells of those that end here.
  ///
  /// - Parameter evict: Lets go of the memory that the network keeps.
  func decode(_ items: ArraySlice<BatchPlan.Item>, evict: () -> Void) -> DecodedGroup? {
    let members = open(items)
    guard members.contains(where: { $0.item.state == .pending }) else { return nil }
    do throws(ItemError) {
      let plan = try plan(members)
      budget.admit(holding: plan.decodingBytes, network: plan.networkBytes, evict: evict)
      var group: DecodedGroup?
      defer {
        budget.release(plan.decodingBytes - (group?.heldBytes ?? 0))
        if group == nil { budget.withdrawNetwork() }
      }
      group = try decode(plan, company: items)
      return group
    } catch {
      for member in members where member.item.state == .pending {
        end(member.item, .failed(error))
      }
      return nil
    }
  }

  /// The members that can be opened. Tells of the others, and of those that are skipped.
  private func open(_ items: ArraySlice<BatchPlan.Item>) -> [GroupPlan.Member] {
    let hasWork = items.contains { $0.state == .pending }
    var members: [GroupPlan.Member] = []
    for item in items {
      if item.state == .skipped { end(item, .skipped) }
      do throws(ItemError) {
        if case .failed(let error) = item.state { throw error }
        guard hasWork, !control.isCancelled,
          let member = try open(item, isAlone: items.count == 1)
        else { continue }
        members.append(member)
      } catch {
        if item.state != .skipped { end(item, .failed(error)) }
      }
    }
    return members
  }

  /// Nil where it was cancelled.
  func open(_ item: BatchPlan.Item, isAlone: Bool) throws(ItemError) -> GroupPlan.Member? {
    guard let source = try files.open(item, unless: { control.isCancelled }) else { return nil }
    // What can be opened again isn't held open by all of a large group.
    let staysOpen = isAlone || FileIdentity(of: item.input)?.isRegularFile != true
    return GroupPlan.Member(
      item, source, staysOpen: staysOpen, result: files.pixels(of: item, from: source.info))
  }

  /// - Throws: `ItemError.network` where the memory is too small.
  func plan(_ members: [GroupPlan.Member]) throws(ItemError) -> GroupPlan {
    do throws(StyleNetworkError) {
      return try GroupPlan(members, network, memory: options.memory)
    } catch {
      throw .network(error)
    }
  }

  /// Room for what doesn't fit in memory, reserved before there is any work to lose.
  private func scratchFile(_ byteCount: Int) throws(ItemError) -> ScratchFile? {
    do throws(ScratchFileError) { return try .reserve(byteCount, in: options.scratch) } catch {
      throw .image(.scratch(error))
    }
  }

  private func decode(
    _ plan: GroupPlan, company: ArraySlice<BatchPlan.Item>
  ) throws(ItemError) -> DecodedGroup? {
    var scratch = try scratchFile(plan.execution.scratchBytes)
    let samples = try plan.members.map { member throws(ItemError) in
      try plan.execution.samples == .scratch ? scratchFile(member.sampleBytes) : nil
    }
    var pictures: [DecodedPicture] = []
    for (member, file) in zip(plan.members, samples) {
      do throws(ItemError) {
        if let picture = try decode(member, in: file) { pictures.append(picture) }
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
          scratch = try scratchFile(execution.scratchBytes)
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
        let note =
          "statistics of \(counted(pictures.count, "picture")), without "
          + missing.map(\.input.printable).joined(separator: ", ")
        for index in pictures.indices { pictures[index].notes.append(note) }
      }
    }
    return DecodedGroup(
      pictures: pictures, plan: execution, scratch: scratch, networkBytes: plan.networkBytes)
  }

  /// Of the network alone, as the samples are where they are, and within what was set aside for it:
  /// the rest is other groups'.
  private func plan(remaining pictures: [DecodedPicture], of plan: GroupPlan)
    throws(ItemError) -> ExecutionPlan
  {
    let sizes = pictures.map {
      ExecutionPlan.Job.Size(width: $0.image.width, height: $0.image.height)
    }
    let memory = MemoryShare.whole(
      ofPlans: plan.networkBytes + plan.execution.sharedBytes)
    do throws(StyleNetworkError) {
      return try network.plan(ExecutionPlan.Job(sizes: sizes), memory: memory)
    } catch {
      throw .network(error)
    }
  }

  /// Nil where it was cancelled.
  private func decode(_ member: GroupPlan.Member, in scratch: ScratchFile?)
    throws(ItemError) -> DecodedPicture?
  {
    let item = member.item
    var opened = member.source
    if opened == nil { opened = try files.open(item, unless: { control.isCancelled }) }
    guard let source = opened else { return nil }
    let progress = item.state == .pending ? control.start() : nil
    do throws(ImageFileError) {
      guard source.info == member.info else { throw .changed }
      let image = try StoredImage(
        width: member.info.width, height: member.info.height, pixels: member.info.pixels,
        replacedBy: files.pixels(of: item, from: member.info), scratch: scratch)
      let isStored = try source.store(in: image) { row in
        progress?.advance(.decoding, row: row, of: member.info.height)
        return control.isCancelled
      }
      guard isStored else { return nil }
      return DecodedPicture(
        item: item, image: image, metadata: source.metadata,
        notes: source.notes.map(\.description),
        before: item.state == .pending ? try thumbnail(of: StoredRows(image)) : nil,
        heldBytes: scratch == nil ? member.sampleBytes : 0, progress: progress)
    } catch {
      if let progress { control.drop(progress) }
      throw .image(error)
    }
  }
}
