@main struct Vigie { static func main() { print("vigie") } }
