import Testing
import VigieCrypto

@Suite("Keys one after the other")
struct KeyChainTests {
  @Test("one key is that key; a later one is put on what came before")
  func order() throws {
    let first = HMACKey()
    let second = HMACKey()
    let text = Array("words".utf8)
    #expect(KeyChain(first).code(for: text) == first.code(for: text))
    let chain = KeyChain(first).adding(second)
    #expect(chain.ids == [first.id, second.id])
    #expect(chain.newest.id == second.id)
    let kept = first.rawCode(for: text)
    #expect(chain.code(for: text) == Digest.hex(KeyChain.code(kept, under: second)))
    #expect(chain.code(for: text) != KeyChain(second).adding(first).code(for: text))
    #expect(chain.code(for: text) != second.code(for: text))
  }
}
