import ImageFiles
import StyleEngine
import SystemFiles
import SystemPackage

extension BatchRun {
  /// The members of a group that can be decoded, skipped ones for company, or nil where none is to
  /// be done. Tells of those that end here.
  ///
  /// - Parameter evict: Lets go of the memory that the networks keep.
  func decoded(_ inputs: InputGroup, evict: () -> Void) -> DecodedGroup? {
    let members = opened(inputs)
    guard members.contains(where: \.work.isPending) else { return nil }
    do throws(ItemError) {
      let plan = try plan(members)
      budget.admit(holding: plan.decodingBytes, network: plan.networkBytes, evict: evict)
      var group: DecodedGroup?
      defer {
        // What the group holds from here on its pictures count.
        budget.release(plan.decodingBytes)
        if group == nil { budget.withdrawNetwork() }
      }
      group = try read(plan, company: inputs.items)
      return group
    } catch {
      for member in members { fail(member.work, error) }
      return nil
    }
  }

  /// Ends a picture's items that were to be done.
  private func fail(
    _ work: PictureWork, _ error: ItemError, progress: [PictureProgress?]? = nil
  ) {
    for (index, item) in work.items.enumerated() where item.state == .pending {
      end(item, .failed(error), progress?[index])
    }
  }

  /// The members that can be opened. Tells of the others, and of those that are skipped.
  private func opened(_ group: InputGroup) -> [GroupPlan.Member] {
    let hasWork = group.items.contains { $0.state == .pending }
    let inputs = group.items.chunkedByInput
    var members: [GroupPlan.Member] = []
    for (index, items) in inputs.enumerated() {
      for item in items {
        switch item.state {
        case .skipped: end(item, .skipped)
        case .failed(let error): end(item, .failed(error))
        case .pending: break
        }
      }
      do throws(ItemError) {
        guard hasWork, !control.isCancelled, items.contains(where: { !$0.state.isFailed }),
          let member = try opened(
            items, group.given?[index], isAlone: inputs.count == 1)
        else { continue }
        members.append(member)
      } catch {
        for item in items where item.state == .pending { end(item, .failed(error)) }
      }
    }
    return members
  }

  /// A member as its header describes it; nil where it was cancelled.
  func opened(
    _ items: ArraySlice<BatchPlan.Item>, _ given: GivenPicture? = nil, isAlone: Bool
  ) throws(ItemError) -> GroupPlan.Member? {
    let input = items[items.startIndex].input
    guard let source = try files.open(input, given, unless: { control.isCancelled }) else {
      return nil
    }
    // What can be opened again isn't held open by all of a large group.
    let staysOpen =
      isAlone || given != nil || FileIdentity(of: input)?.isRegularFile != true
    let pictures = items.map { item in
      NetworkSession.Member(
        source, depth: files.depth(of: item, source),
        brush: styles[item.style].stylization.brush,
        paintingsBeside: styles.count > 1 ? PaintingPlaces.count : 0)
    }
    return GroupPlan.Member(
      work: PictureWork(items: items, pictures: pictures), source: staysOpen ? source : nil)
  }

  /// Makes the plan for a group.
  ///
  /// - Throws: `ItemError.network` where the memory is too small.
  func plan(_ members: [GroupPlan.Member]) throws(ItemError) -> GroupPlan {
    try ItemError.of { () throws(StyleNetworkError) in try GroupPlan(members, sessions) }
  }

  /// The samples of a group's members; nil where none of them is to be done any more.
  private func read(
    _ plan: GroupPlan, company: ArraySlice<BatchPlan.Item>
  ) throws(ItemError) -> DecodedGroup? {
    var room = try reserve(plan.paintings, for: plan.works)
    var pictures: [DecodedPicture] = []
    for (index, member) in plan.members.enumerated() {
      if let picture = read(member, in: room.photographs[index], of: plan) {
        pictures.append(picture)
      }
    }
    guard !control.isCancelled, pictures.contains(where: \.work.isPending) else { return nil }
    // From here on each picture holds its own.
    room.photographs = []
    let wasComplete = pictures.count == plan.members.count
    var group = DecodedGroup(
      pictures: pictures, plans: plan.paintings, room: room, networkBytes: plan.networkBytes)
    if !wasComplete {
      do throws(ItemError) { group = try replanned(group, plan) } catch {
        // The others have been told of.
        for picture in pictures { fail(picture.work, error, progress: picture.progress) }
        return nil
      }
    }
    return told(of: company, group)
  }

  /// Room for the plans of all styles, one after the other.
  private func reserve(
    _ plans: [PaintingPlan], for works: [PictureWork], areStored: Bool = false
  ) throws(ItemError) -> NetworkSession.Reservation {
    let pictures = plans.indices.map { style in works.map { $0.pictures[style] } }
    return try ItemError.of { () throws(StyleNetworkError) in
      try sessions[0].reserve(Array(zip(plans, pictures)), areStored: areStored)
    }
  }

  /// A group of which some weren't read, with plans for the rest: the samples are where they are, and the
  /// network has what was set aside for it, as the rest is other groups'.
  private func replanned(_ group: DecodedGroup, _ plan: GroupPlan) throws(ItemError)
    -> DecodedGroup
  {
    let works = group.pictures.map(\.work)
    let plans = try ItemError.of { () throws(StyleNetworkError) in
      try GroupPlan.plans(works, sessions) { session, pictures throws(StyleNetworkError) in
        try session.plan(
          stored: pictures, samples: plan.paintings[0].samples, networkBytes: plan.networkBytes)
      }
    }
    return DecodedGroup(
      pictures: group.pictures, plans: plans,
      room: try reserve(plans, for: works, areStored: true),
      networkBytes: plan.networkBytes)
  }

  /// The group with a note on those that are missing in its statistics.
  private func told(of company: ArraySlice<BatchPlan.Item>, _ group: DecodedGroup) -> DecodedGroup {
    let inputs = company.chunkedByInput.map { $0[$0.startIndex].input }
    let missing = inputs.filter { input in !group.pictures.contains { $0.work.input == input } }
    guard inputs.count > 1, !missing.isEmpty else { return group }
    var group = group
    let note = BatchNote.missingCompany(pictures: group.pictures.count, without: missing)
    for index in group.pictures.indices { group.pictures[index].notes.append(note) }
    return group
  }

  /// A member's samples; nil where it failed, which is told, or was cancelled.
  private func read(_ member: GroupPlan.Member, in scratch: ScratchFile?, of plan: GroupPlan)
    -> DecodedPicture?
  {
    let work = member.work
    var progress: [PictureProgress?] = []
    do throws(ItemError) {
      var opened = member.source
      if opened == nil { opened = try files.open(work.input, unless: { control.isCancelled }) }
      guard let source = opened else { return nil }
      progress = work.items.map { $0.state == .pending ? control.start() : nil }
      return try read(source, for: work, in: scratch, of: plan, progress)
    } catch {
      for picture in progress.compactMap(\.self) { control.drop(picture) }
      fail(work, error)
      return nil
    }
  }

  private func read(
    _ source: any RowSource, for work: PictureWork, in scratch: ScratchFile?, of plan: GroupPlan,
    _ progress: [PictureProgress?]
  ) throws(ItemError) -> DecodedPicture? {
    do throws(ImageFileError) {
      let height = work.info.height
      let image = try sessions[0].store(source, as: work.pictures[0], in: scratch) { row in
        for picture in progress { picture?.advance(.decoding, row: row, of: height) }
        return control.isCancelled
      }
      guard let image else { return nil }
      defer { for picture in progress { picture?.wait() } }
      return DecodedPicture(
        work: work, image: image, metadata: source.metadata,
        notes: source.notes.map(BatchNote.image),
        before: work.isPending ? try thumbnail(of: StoredRows(image)) : nil,
        memory: HeldMemory(plan.heldBytes(of: work), of: budget), progress: progress,
        places: styles.count > 1 ? PaintingPlaces() : nil)
    } catch {
      throw .image(error)
    }
  }
}
