import Glibc
import SystemPackage

/// Opens what is no regular file, a pipe for one, and waits until something comes of it.
///
/// - Parameters:
///   - path: The pipe.
///   - isCancelled: The question whether to stop, asked ten times a second: opening a pipe the plain way,
///     or reading it, would keep an interrupted run from ending.
/// - Returns: The opened file; nil where it was cancelled.
/// - Throws: The system's reason.
public func openPipe(
  _ path: FilePath, unless isCancelled: () -> Bool
) throws(Errno) -> FileDescriptor? {
  let descriptor = path.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
  guard descriptor >= 0 else { throw Errno(rawValue: errno) }
  let pipe = FileDescriptor(rawValue: descriptor)
  var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  while poll(&request, 1, 100) <= 0 {
    if isCancelled() {
      try? pipe.close()
      return nil
    }
  }
  // From here on reading waits for what is still to come.
  _ = fcntl(descriptor, F_SETFL, 0)
  return pipe
}
