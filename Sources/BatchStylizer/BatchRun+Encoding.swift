import ImageFiles
import StyleNetwork

extension BatchRun {
  func encode(_ picture: DecodedPicture) {
    let (item, image) = (picture.item, picture.image)
    defer { budget.release(picture.heldBytes) }
    do throws(ItemError) {
      let written = try files.write(StoredRows(image), metadata: picture.metadata, to: item) {
        picture.progress?.advance(.encoding, row: $0, of: image.height)
        return control.isCancelled
      }
      guard let written else { return }
      end(
        item, .done(width: image.width, height: image.height, notes: picture.notes + written),
        picture.progress)
    } catch {
      end(item, .failed(error), picture.progress)
    }
  }

  /// A picture's whole way where there is nothing to repaint.
  func copy(_ item: BatchPlan.Item) {
    if item.state == .skipped { return end(item, .skipped) }
    let progress = control.start()
    do throws(ItemError) {
      if case .failed(let error) = item.state { throw error }
      guard let source = try files.open(item, unless: { control.isCancelled }) else { return }
      let held = try copyingBytes(source.info)
      budget.admit(holding: held, network: nil)
      defer { budget.release(held) }
      let rows = ConvertedRows(source, depth: files.depth(of: item))
      let written = try files.write(rows, metadata: source.metadata, to: item) {
        progress.advance(.copying, row: $0, of: rows.info.height)
        return control.isCancelled
      }
      guard let written else { return }
      let notes = source.notes.map(\.description) + written
      end(item, .done(width: rows.info.width, height: rows.info.height, notes: notes), progress)
    } catch {
      end(item, .failed(error), progress)
    }
  }

  /// Bytes of memory that a picture takes on its way past the network.
  func copyingBytes(_ info: ImageInfo) throws(ItemError) -> Int {
    let byteCount = info.heldBytes + info.bytesPerRow
    guard byteCount <= options.memory else {
      throw .network(.memoryTooSmall(needed: byteCount, given: options.memory))
    }
    return byteCount
  }
}
