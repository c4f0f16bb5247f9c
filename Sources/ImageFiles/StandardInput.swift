import SystemPackage

/// Standard input, which is read but once.
enum StandardInput {
  static let contents: Result<PictureStream.Contents, ImageFileError> = {
    do throws(ImageFileError) {
      let own: FileDescriptor
      do { own = try FileDescriptor.standardInput.duplicate() } catch {
        throw .unreadable(error as? Errno ?? .ioError)
      }
      return .success(try PictureStream.contents(owning: own))
    } catch {
      return .failure(error)
    }
  }()

  /// The first picture there, and all behind it, as a file that can be read at any place, and again.
  static let shared: Result<FileDescriptor, ImageFileError> = contents.flatMap { contents in
    do throws(ImageFileError) {
      switch contents {
      case .one(let file): return .success(file)
      case .several(let pictures): return .success(try pictures.wholeFile())
      }
    } catch {
      return .failure(error)
    }
  }
}
