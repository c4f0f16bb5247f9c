import ImageFiles
import SystemPackage
import Testing

@testable import StyleTraining

@Suite struct CropSourceErrorTests {
  @Test func saysWhatWasTried() {
    let picture = SkippedPicture(path: "photos/a.jpg", reason: .damaged("premature end of file"))
    let cases: [(CropSourceError, String)] = [
      (
        .noPictures(tried: 0, first: nil),
        "no pictures to take crops from"
      ),
      (
        .noPictures(tried: 1, first: picture),
        "no crops, as the only picture can't be read: "
          + "photos/a.jpg: damaged: premature end of file; get the file anew"
      ),
      (
        .noPictures(tried: 12, first: picture),
        "no crops, as none of the 12 pictures can be read; "
          + "the first, photos/a.jpg: damaged: premature end of file; get the file anew"
      ),
      (.closed, "interrupted"),
    ]
    for (error, words) in cases { #expect(error.description == words) }
  }
}
