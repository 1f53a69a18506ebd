using DistTrain.Node.Datasets;

namespace DistTrain.Node.Tests.Datasets;

public sealed class FilesAheadTests : IDisposable
{
    readonly string _path = Path.Combine(Path.GetTempPath(), $"ahead-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_file_can_be_asked_for_again_and_again()
    {
        File.WriteAllBytes(_path, new byte[300_000]);
        using var ahead = new FilesAhead();

        for (var i = 0; i < 3; i++)
        {
            ahead.Begin(_path);
            ahead.Begin(_path);
            ahead.Await(_path);
        }
        Assert.Equal(300_000, new FileInfo(_path).Length);
    }

    [Fact]
    public void One_that_is_not_there_and_one_that_was_not_asked_for_disturb_nobody()
    {
        using var ahead = new FilesAhead();

        ahead.Begin(_path);
        ahead.Await(_path);
        ahead.Await(_path);
    }

    [Fact]
    public void After_its_end_nothing_is_read_and_nobody_waits()
    {
        var ahead = new FilesAhead();
        ahead.Begin(_path);
        ahead.Dispose();

        ahead.Begin(_path);
        ahead.Await(_path);
    }
}
