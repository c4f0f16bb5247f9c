import Foundation
import SystemPackage

/// One page in a headless Chromium, and what a person does with it.
///
/// Chromium takes longer to start than most tests take, so that one goes on to the next test; what
/// a page may leave behind goes with its browser context.
final class Browser {
  private let pipe: DevToolsPipe
  private var context: String?
  private var session: String?
  private var number = 0
  private var hasLoaded = false

  /// What the page said on its console, threw, or was refused.
  private(set) var complaints: [String] = []
  /// The addresses that were asked for, those within the page itself left out.
  private(set) var requests: [String] = []

  init(width: Int = 1280, height: Int = 800) throws {
    pipe = try DevToolsPipe.idle()
    let context = try send("Target.createBrowserContext")["browserContextId"] as? String
    self.context = context
    let target = try send(
      "Target.createTarget", ["url": "about:blank", "browserContextId": context ?? ""])
    let attached = try send(
      "Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    session = attached["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"] {
      try send("\(domain).enable")
    }
    try resize(width: width, height: height)
  }

  deinit {
    session = nil
    let disposed = context.map { context in
      Result { try send("Target.disposeBrowserContext", ["browserContextId": context]) }
    }
    // One that doesn't answer any more is let go of, and so ended.
    if case .success = disposed { pipe.rest() }
  }

  @discardableResult
  func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    number += 1
    var message: [String: Any] = ["id": number, "method": method, "params": parameters]
    message["sessionId"] = session
    try pipe.send(message)
    while true {
      let reply = try pipe.receive()
      guard reply["id"] as? Int == number else {
        note(reply)
        continue
      }
      if let error = reply["error"] as? [String: Any] {
        throw BrowserError.refused(method: method, reason: "\(error["message"] ?? error)")
      }
      return reply["result"] as? [String: Any] ?? [:]
    }
  }

  private func note(_ event: [String: Any]) {
    // Pages of other tests may have had their say late.
    guard session != nil, event["sessionId"] as? String == session else { return }
    let parameters = event["params"] as? [String: Any] ?? [:]
    switch event["method"] as? String {
    case "Page.loadEventFired": hasLoaded = true
    case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded":
      complaints.append("\(parameters)")
    case "Network.requestWillBeSent":
      let request = parameters["request"] as? [String: Any]
      let address = request?["url"] as? String ?? ""
      if !address.hasPrefix("data:") { requests.append(address) }
    default: break
    }
  }

  /// Opens a file and waits until all of it is there.
  func open(_ path: FilePath) throws { try load("Page.navigate", ["url": "file://\(path)"]) }

  func reload() throws { try load("Page.reload") }

  private func load(_ method: String, _ parameters: [String: Any] = [:]) throws {
    hasLoaded = false
    try send(method, parameters)
    while !hasLoaded { note(try pipe.receive()) }
  }

  func resize(width: Int, height: Int, scale: Double = 1) throws {
    try send(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600])
  }

  /// A media feature as the page sees it, `prefers-color-scheme: dark` for one.
  func emulate(_ feature: String, _ value: String) throws {
    try send("Emulation.setEmulatedMedia", ["features": [["name": feature, "value": value]]])
  }

  /// The value of an expression; promises are waited for.
  func evaluate<Value>(_ expression: String, as type: Value.Type = Value.self) throws -> Value {
    let answer = try send(
      "Runtime.evaluate",
      ["expression": expression, "returnByValue": true, "awaitPromise": true])
    if let details = answer["exceptionDetails"] { throw BrowserError.threw("\(details)") }
    let result = answer["result"] as? [String: Any]
    guard let value = result?["value"] as? Value else {
      throw BrowserError.threw("\(result ?? [:]), not \(type), for \(expression)")
    }
    return value
  }

  func focus(_ selector: String) throws {
    _ = try evaluate("document.querySelector(\(quoted(selector))).focus() ?? true", as: Bool.self)
  }

  /// Waits for what was asked for to be on the screen, gliding lines included.
  func settle() throws {
    let frames = "new Promise(done => setTimeout(() => requestAnimationFrame(() => done(1)), 600))"
    _ = try evaluate(frames, as: Int.self)
  }

  /// A place in an element, as shares of its width and height, scrolled to.
  func place(_ selector: String, _ x: Double = 0.5, _ y: Double = 0.5) throws -> (Double, Double) {
    let box = try evaluate(
      """
      (() => { const element = document.querySelector(\(quoted(selector)));
      element.scrollIntoView({block: 'center', behavior: 'instant'});
      const box = element.getBoundingClientRect();
      return [box.left, box.top, box.width, box.height]; })()
      """, as: [Double].self)
    return (box[0] + x * box[2], box[1] + y * box[3])
  }

  func press(_ selector: String, at x: Double = 0.5, _ y: Double = 0.5) throws {
    let place = try place(selector, x, y)
    try mouse("mousePressed", place)
    try mouse("mouseReleased", place)
  }

  func point(_ selector: String, at x: Double = 0.5, _ y: Double = 0.5) throws {
    try mouse("mouseMoved", place(selector, x, y), pressed: false)
  }

  func drag(_ selector: String, from start: Double, to end: Double) throws {
    let (from, to) = (try place(selector, start), try place(selector, end))
    try mouse("mousePressed", from)
    for step in 1...5 {
      try mouse("mouseMoved", (from.0 + (to.0 - from.0) * Double(step) / 5, from.1))
    }
    try mouse("mouseReleased", to)
  }

  func swipe(_ selector: String, from start: Double, to end: Double) throws {
    let (from, to) = (try place(selector, start), try place(selector, end))
    func touch(_ type: String, _ points: [[String: Double]]) throws {
      try send("Input.dispatchTouchEvent", ["type": type, "touchPoints": points])
    }
    try touch("touchStart", [["x": from.0, "y": from.1]])
    for step in 1...8 {
      let x = from.0 + (to.0 - from.0) * Double(step) / 8
      try touch("touchMove", [["x": x, "y": from.1]])
    }
    try touch("touchEnd", [])
  }

  private func mouse(_ type: String, _ place: (Double, Double), pressed: Bool = true) throws {
    try send(
      "Input.dispatchMouseEvent",
      [
        "type": type, "x": place.0, "y": place.1, "button": pressed ? "left" : "none",
        "buttons": pressed && type != "mouseReleased" ? 1 : 0, "clickCount": pressed ? 1 : 0,
      ])
  }

  /// A key by its name, pressed and let go.
  func key(_ name: String, shift: Bool = false) throws {
    let codes = [
      "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37,
      "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
    ]
    var event: [String: Any] = [
      "type": "keyDown", "key": name, "code": name == " " ? "Space" : name,
      "windowsVirtualKeyCode": codes[name] ?? 0, "modifiers": shift ? 8 : 0,
    ]
    if name == "Enter" { event["text"] = "\r" }
    if name == " " { event["text"] = " " }
    try send("Input.dispatchKeyEvent", event)
    event["type"] = "keyUp"
    event["text"] = nil
    try send("Input.dispatchKeyEvent", event)
  }

  /// The roles and names that a screen reader is told.
  func accessibleNodes() throws -> [(role: String, name: String)] {
    let tree = try send("Accessibility.getFullAXTree")
    let nodes = tree["nodes"] as? [[String: Any]] ?? []
    return nodes.filter { $0["ignored"] as? Bool == false }.map { node in
      func text(_ key: String) -> String {
        (node[key] as? [String: Any])?["value"] as? String ?? ""
      }
      return (text("role"), text("name"))
    }
  }

  /// What is on the screen, or of the whole page, as PNG.
  func screenshot(wholePage: Bool = false) throws -> [UInt8] {
    let shot = try send(
      "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": wholePage])
    return [UInt8](Data(base64Encoded: shot["data"] as? String ?? "") ?? Data())
  }

  private func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "\\'") + "'"
  }
}
