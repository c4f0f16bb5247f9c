import SystemPackage

/// Standard input as a file that can be read at any place, and again: it is spooled but once.
enum StandardInput {
  static let shared: Result<FileDescriptor, ImageFileError> = {
    do throws(ImageFileError) {
      let own: FileDescriptor
      do { own = try FileDescriptor.standardInput.duplicate() } catch {
        throw .unreadable(error as? Errno ?? .ioError)
      }
      return .success(try SourceFile.seekable(own).descriptor)
    } catch {
      return .failure(error)
    }
  }()
}
