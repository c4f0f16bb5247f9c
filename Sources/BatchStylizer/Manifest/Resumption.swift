import SystemPackage

/// Going on with what a manifest tells.
public struct Resumption: Sendable {
  enum Work { case none, same, other }
  func work(on item: BatchPlan.Item) -> Work { .none }
}
