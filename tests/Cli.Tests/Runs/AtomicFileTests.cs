using DistTrain.Cli.Runs;
using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests.Runs;

public sealed class AtomicFileTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_file_is_replaced_whole()
    {
        _cli.Write("a", "old");
        AtomicFile.Write(_cli.PathOf("a"), stream => stream.Write("new"u8));
        Assert.Equal("new", _cli.Read("a"));
        Assert.Single(Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    [Fact]
    public void What_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        _cli.Write("a", "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_cli.PathOf("a"), stream =>
        {
            stream.Write("ne"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", _cli.Read("a"));
        Assert.Single(Directory.EnumerateFileSystemEntries(_cli.Root));
    }
}
