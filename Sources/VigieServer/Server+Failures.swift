import Glibc
import NIOCore
import NIOPosix
import ServiceLifecycle

/// What listens, and where: an error of the system names no address.
struct AddressedService: Service {
  /// Why the service ended.
  struct Failure: Error {
    let address: String
    let cause: any Error
  }

  /// As the operator wrote it, with its option.
  let address: String
  let service: any Service

  func run() async throws {
    do { try await service.run() } catch let failure as SocketFile.Failure {
      throw failure
    } catch {
      throw Failure(address: address, cause: error)
    }
  }
}

extension Server {
  /// Why a server cannot listen, in words.
  ///
  /// - Parameter error: What ended it.
  /// - Returns: The reason, one sentence without a full stop, and what the operator can do about it.
  package static func words(for error: any Error) -> (reason: String, mend: String) {
    switch error {
    case let failure as AddressedService.Failure:
      let (reason, mend) = words(for: failure.cause)
      return ("\(failure.address): \(reason)", mend)
    case let error as SocketAddressError.UnknownHost:
      return (
        "the name '\(error.host)' is not known here",
        "name an address of this machine, such as 127.0.0.1"
      )
    case let failure as SocketFile.Failure: return (failure.reason, failure.mend)
    case is UnixDomainSocketPathWrongType:
      return (
        "the name beside the path of the socket, with a dot before it, is a file that is no socket",
        "name another path, or take that file away"
      )
    case let error as IOError:
      return (unsafe String(cString: strerror(error.errnoCode)).lowercased(), mend(error.errnoCode))
    default: return ("\(error)", "see whether the address is taken")
    }
  }

  private static func mend(_ code: CInt) -> String {
    switch code {
    case EADDRINUSE: "another process listens there: stop it, or name another address"
    case EADDRNOTAVAIL: "name an address that this machine has, such as 127.0.0.1"
    case EACCES:
      "choose a port from 1024 on, or a folder for the socket that this user may write to"
    case ENOENT: "make the folder of the socket first"
    default: "see whether the address is taken, or the folder of the socket missing"
    }
  }
}
