using DistTrain.Coordinator.Files;

namespace DistTrain.Coordinator.Tests.Files;

public sealed class DiskTests : IDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), $"disttrain-tests-{Guid.NewGuid():N}");

    public DiskTests() => Directory.CreateDirectory(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string File(string name) => Path.Combine(_folder, name);

    [Fact]
    public void A_file_is_written_flushed_renamed_listed_read_and_deleted()
    {
        var disk = Disk.Instance;
        using (var file = disk.Create(File("a")))
        {
            file.Write("content"u8);
            disk.Flush(file);
        }
        disk.Rename(File("a"), File("b"));
        disk.FlushFolder(_folder);

        Assert.Equal(["b"], disk.FilesIn(_folder));
        using (var reader = new StreamReader(disk.Read(File("b")))) Assert.Equal("content", reader.ReadToEnd());
        disk.Delete(File("b"));
        disk.Delete(File("b"));
        Assert.Empty(disk.FilesIn(_folder));
    }

    [Fact]
    public void A_name_that_is_taken_is_not_taken_again()
    {
        var disk = Disk.Instance;
        System.IO.File.WriteAllText(File("new"), "new");
        System.IO.File.WriteAllText(File("old"), "old");

        Assert.False(disk.TryRename(File("new"), File("old")));
        Assert.True(disk.TryRename(File("new"), File("free")));

        Assert.Equal(["free", "old"], disk.FilesIn(_folder).Order(StringComparer.Ordinal));
        Assert.Equal("old", System.IO.File.ReadAllText(File("old")));
        Assert.Throws<IOException>(() => disk.Create(File("old")));
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        var disk = Disk.Instance;

        Assert.Empty(disk.FilesIn(File("nowhere")));
        Assert.Throws<FileNotFoundException>(() => disk.Read(File("nothing")));
        Assert.Contains("cannot be made", Assert.Throws<IOException>(() => disk.TryRename(File("nothing"), File("b"))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be opened", Assert.Throws<IOException>(() => disk.FlushFolder(File("nowhere"))).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("notes.tmp"), InlineData(".tmp"), InlineData("0123456789abcdef0123456789abcdef.tmp"), InlineData("a.0123456789abcdef0123456789abcdeg.tmp")]
    public void A_file_of_somebody_else_is_not_taken_for_one_of_ours(string name) => Assert.False(DurableFile.IsTemporary(name));

    [Fact]
    public void What_a_writer_leaves_behind_is_known_by_its_name() =>
        Assert.True(DurableFile.IsTemporary(DurableFile.TemporaryFor("options.json")));

    [Fact]
    public void A_file_is_replaced_whole()
    {
        System.IO.File.WriteAllText(File("a"), "old");

        DurableFile.Write(Disk.Instance, File("a"), stream => stream.Write("new"u8));

        Assert.Equal("new", System.IO.File.ReadAllText(File("a")));
        Assert.Equal(["a"], Disk.Instance.FilesIn(_folder));
    }

    [Fact]
    public void A_file_is_created_only_where_there_is_none()
    {
        Assert.True(DurableFile.TryCreate(Disk.Instance, File("a"), stream => stream.Write("first"u8)));
        Assert.False(DurableFile.TryCreate(Disk.Instance, File("a"), stream => stream.Write("second"u8)));

        Assert.Equal("first", System.IO.File.ReadAllText(File("a")));
        Assert.Equal(["a"], Disk.Instance.FilesIn(_folder));
    }

    [Fact]
    public void What_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        System.IO.File.WriteAllText(File("a"), "old");

        Assert.Throws<InvalidOperationException>(
            () =>
                DurableFile.Write(Disk.Instance, File("a"), stream => stream.Write("new"u8), () => throw new InvalidOperationException()));

        Assert.Equal("old", System.IO.File.ReadAllText(File("a")));
        Assert.Equal(["a"], Disk.Instance.FilesIn(_folder));
    }
}
