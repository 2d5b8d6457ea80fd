/// The version of Vigie: of its commands, its server and its C library, which are built from one tree.
package let vigieVersion: StaticString = "0.1.0"
