/// What a large structure holds so that it is lent by its address.
///
/// The compiler copies a structure that is not copyable, as a whole, where one of its functions that change it calls one that
/// does not: hundreds of bytes, dozens of times a message. What holds a value of no known type is never copied while it is
/// lent.
struct InPlace: ~Copyable {
  private let unused: (any Sendable)? = nil
}
