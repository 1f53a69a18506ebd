using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;

namespace DistTrain.Shared.Tests.Formats.Datasets;

public sealed class ReadingWindowTests
{
    const int FileBytes = 100;

    readonly Advised _content = new();

    [Fact]
    public void Files_are_asked_for_once_in_their_order_where_memory_holds_them_all()
    {
        Pass(WindowOf(bytesMax: 1 << 20));

        Assert.Equal(["+0", "+1", "+2", "+3", "+4", "+5", "?0", "?1", "?2", "?3", "?4", "?5"], _content.Advice);
    }

    [Fact]
    public void Where_they_are_more_than_memory_those_behind_are_let_go_and_the_next_are_asked_for()
    {
        // An eighth of 800 bytes: a file ahead.
        var window = new ReadingWindow(Files(12), _content, bytesMax: 8 * FileBytes);
        for (var shard = 0; shard < 4; shard++) window.Enter(DatasetPart.Training, new ShardId(shard));

        Assert.Equal(["+0", "+1", "?0", "+2", "-0", "?1", "+3", "-1", "?2", "+4", "-2", "?3"], _content.Advice);
    }

    [Fact]
    public void The_next_pass_begins_behind_the_last()
    {
        var window = new ReadingWindow(Files(12), _content, bytesMax: 8 * FileBytes);
        window.Enter(DatasetPart.Training, new ShardId(11));

        Assert.Equal(["+11", "+0", "?11"], _content.Advice);
    }

    [Fact]
    public void A_file_that_another_thread_reads_is_not_let_go()
    {
        var window = new ReadingWindow(Files(12), _content, bytesMax: 8 * FileBytes);
        window.Enter(DatasetPart.Training, new ShardId(0));
        OnAnotherThread(() => window.Enter(DatasetPart.Training, new ShardId(0)));
        window.Enter(DatasetPart.Training, new ShardId(5));
        window.Enter(DatasetPart.Training, new ShardId(6));

        Assert.Equal(["-5"], _content.Advice.Where(word => word[0] == '-'));
    }

    [Fact]
    public void Whoever_turns_to_the_other_part_asks_for_its_files_anew()
    {
        var window = new ReadingWindow(Files(12, validationCount: 2), _content, bytesMax: 8 * FileBytes);
        window.Enter(DatasetPart.Training, new ShardId(0));
        window.Enter(DatasetPart.Validation, new ShardId(1));
        window.Enter(DatasetPart.Training, new ShardId(1));

        Assert.Equal(["+0", "+1", "+v1", "+v0", "+1", "+2"], _content.Advice.Where(word => word[0] == '+'));
    }

    static void OnAnotherThread(Action enter)
    {
        var other = new Thread(() => enter());
        other.Start();
        other.Join();
    }

    ReadingWindow WindowOf(long bytesMax) => new(Files(6), _content, bytesMax);

    static void Pass(ReadingWindow window)
    {
        for (var i = 0; i < 12; i++) window.Enter(DatasetPart.Training, new ShardId(i % 6));
    }

    static StoredFiles Files(int count, int validationCount = 0)
    {
        var none = new StoredFile("x", 1, "");
        return new StoredFiles(none, none, none, Named("", count), Named("v", validationCount));

        static ImmutableArray<StoredFile> Named(string prefix, int count) =>
            [.. Enumerable.Range(0, count).Select(i => new StoredFile($"{prefix}{i}", FileBytes, ""))];
    }

    /// <summary>Writes down what it is told.</summary>
    sealed class Advised : IStoredContent
    {
        public List<string> Advice { get; } = [];

        public ReadOnlyMemory<byte> Open(StoredFile file) => throw new InvalidOperationException();

        public string ShownNameOf(string fileName) => fileName;

        public void ReadAhead(StoredFile file) => Advice.Add($"+{file.Name}");

        public void Await(StoredFile file) => Advice.Add($"?{file.Name}");

        public void LetGo(StoredFile file) => Advice.Add($"-{file.Name}");
    }
}
