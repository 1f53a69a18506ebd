using DistTrain.Node.Datasets;

namespace DistTrain.Node.Tests.Datasets;

public sealed class MappedFileTests : IDisposable
{
    readonly string _path = Path.Combine(Path.GetTempPath(), $"mapped-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Theory, InlineData(1), InlineData(4096), InlineData(10_001)]
    public void Its_bytes_are_those_of_the_file(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
        File.WriteAllBytes(_path, content);

        using var file = MappedFile.Open(_path);

        Assert.Equal(content, file.Memory.ToArray());
        Assert.Equal(length, file.Length);
    }

    [Fact]
    public void It_stays_when_another_file_takes_its_name()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
        using var file = MappedFile.Open(_path);

        File.Delete(_path);
        File.WriteAllBytes(_path, [9, 9, 9]);

        Assert.Equal([1, 2, 3], file.Memory.ToArray());
    }

    [Fact]
    public void What_was_let_go_is_read_again()
    {
        byte[] content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
        File.WriteAllBytes(_path, content);
        using var file = MappedFile.Open(_path);

        Assert.Equal(content, file.Memory.ToArray());
        file.LetGo();
        Assert.Equal(content, file.Memory.ToArray());
    }

    [Fact]
    public void It_takes_no_handle_of_the_process()
    {
        File.WriteAllBytes(_path, [1, 2, 3]);
        using var file = MappedFile.Open(_path);

        if (OperatingSystem.IsLinux()) Assert.DoesNotContain(_path, Directory.EnumerateFiles("/proc/self/fd").Select(TargetOf));
        Assert.Equal([1, 2, 3], file.Memory.ToArray());
    }

    /// <summary>What a handle is of; null where it has been closed meanwhile.</summary>
    static string? TargetOf(string handle)
    {
        try
        {
            return File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [Fact]
    public void An_empty_file_and_one_that_is_not_there_are_refused()
    {
        Assert.Throws<FileNotFoundException>(() => MappedFile.Open(_path));
        File.WriteAllBytes(_path, []);
        Assert.Throws<IOException>(() => MappedFile.Open(_path));
    }
}
