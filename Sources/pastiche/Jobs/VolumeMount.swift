import ArgumentParser
import SystemPackage

/// `claim:/path` or `claim:/path:ro`: where a container has a persistent volume claim.
struct VolumeMount: ExpressibleByArgument {
  let claim: KubernetesName
  /// Absolute, without dots.
  let path: FilePath
  let isReadOnly: Bool

  init?(argument: String) {
    var parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    isReadOnly = parts.count == 3 && parts[2] == "ro"
    if isReadOnly { parts.removeLast() }
    guard parts.count == 2, let claim = KubernetesName(parts[0], isDomain: true),
      String(validating: RawArguments.bytes(of: parts[1]), as: UTF8.self) != nil
    else { return nil }
    self.claim = claim
    path = RawArguments.path(of: parts[1])
    guard path.isAbsolute, path.isLexicallyNormal else { return nil }
  }

  func holds(_ other: FilePath) -> Bool { other.lexicallyNormalized().starts(with: path) }
}
