import Glibc

/// Who did something, as far as the system knows.
public struct AuditedPerson: Sendable, Equatable {
  /// The name of the user that the process runs as; its number in words where it has no name.
  public var name: String
  /// The number of that user.
  public var uid: Int
  /// The number of the user that logged in, whatever was done since (`su`, `sudo`); `nil` where nobody did.
  public var loginUID: Int?

  /// A value from its parts.
  public init(name: String, uid: Int, loginUID: Int?) {
    self.name = name
    self.uid = uid
    self.loginUID = loginUID
  }

  /// Who runs this process.
  public static var ofProcess: AuditedPerson {
    let uid = getuid()
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 1 << 14)
    let name = unsafe buffer.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let words = buffer.baseAddress,
        unsafe getpwuid_r(uid, &entry, words, buffer.count, &found) == 0, unsafe found != nil,
        let name = unsafe entry.pw_name
      else { return nil }
      return unsafe String(cString: name)
    }
    return AuditedPerson(name: name ?? "uid \(uid)", uid: Int(uid), loginUID: loginUID)
  }

  /// *Source:* proc_pid_loginuid(5): the number, or 4294967295 where nobody logged in.
  private static var loginUID: Int? {
    let file = unsafe open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    guard count > 0 else { return nil }
    let digits = buffer[..<count].prefix { (0x30...0x39).contains($0) }
    guard let number = UInt32(String(decoding: digits, as: UTF8.self)), number != .max else {
      return nil
    }
    return Int(number)
  }
}
