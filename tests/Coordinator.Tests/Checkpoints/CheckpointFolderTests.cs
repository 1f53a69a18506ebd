using System.Collections.Immutable;
using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Tests.Files;
using DistTrain.Formats.Checkpoints;
using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Tests.Checkpoints;

public class CheckpointFolderTests
{
    const string Run = "/run";
    const string Folder = "/run/checkpoints";

    static readonly Term First = new(1);

    static readonly CheckpointIdentity Identity = new("0.1.0", "arithmetic", "data", ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>All operations of saving five checkpoints, of which two are kept.</summary>
    static int OperationCount
    {
        get
        {
            var disk = new CrashDisk();
            SaveFive(disk, new Acknowledged());
            return disk.OperationCount;
        }
    }

    [Theory]
    [InlineData(Leftover.Nothing, 1)]
    [InlineData(Leftover.Everything, 1)]
    [InlineData(Leftover.TornSectors, 1)]
    [InlineData(Leftover.TornPages, 1)]
    [InlineData(Leftover.Some, 20)]
    public void After_a_crash_at_any_operation_the_newest_acknowledged_checkpoint_or_a_newer_one_loads(Leftover leftover, int seedCount)
    {
        var count = OperationCount;
        Assert.InRange(count, 40, 400);
        foreach (var crashAt in Enumerable.Range(0, count))
        {
            var (disk, acknowledged) = (new CrashDisk { CrashAt = crashAt }, new Acknowledged());
            Assert.Throws<CrashDisk.CrashException>(() => SaveFive(disk, acknowledged));

            for (ulong seed = 0; seed < (ulong)seedCount; seed++)
            {
                var loaded = Load(disk.Recover(leftover, seed));
                Assert.True(
                    loaded >= acknowledged.Step, $"crash at {crashAt}, {leftover}, seed {seed}: {loaded} instead of {acknowledged.Step}");
            }
        }
    }

    [Fact]
    public void An_error_at_any_operation_costs_one_checkpoint_at_most_and_no_flush_is_tried_again()
    {
        foreach (var failAt in Enumerable.Range(0, OperationCount))
        {
            var disk = new CrashDisk { FailAt = failAt };
            var folder = new CheckpointFolder(disk, Folder, "r/checkpoints") { KeptCount = 2 };
            var saved = new List<int>();
            for (var step = 1; step <= 5; step++)
            {
                try
                {
                    folder.Save(new CheckpointName(step, First), Parts(step), new RunTerms(disk, Run + "/terms"));
                    saved.Add(step);
                }
                catch (IOException)
                {
                    Assert.True(saved.Count == 0 || Load(disk) >= saved[^1]);
                }
            }
            Assert.InRange(saved.Count, 4, 5);
            Assert.True(Load(disk) >= saved[^1]);
            Assert.Equal(0, disk.FlushesAfterFailure);
            Assert.InRange(NamesOn(disk).Count(), 2, 3);
            Assert.DoesNotContain(disk.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_last_three_are_kept()
    {
        var disk = new CrashDisk();
        var folder = new CheckpointFolder(disk, Folder, "r/checkpoints");
        foreach (var step in (int[])[2, 5, 9, 40, 41]) Save(folder, disk, step);

        Assert.Equal(["0000000009-000001", "0000000040-000001", "0000000041-000001"], NamesOn(disk));
    }

    [Fact]
    public void What_cannot_be_used_is_told_by_name_and_the_one_before_is_taken()
    {
        var disk = new CrashDisk();
        var folder = new CheckpointFolder(disk, Folder, "r/checkpoints");
        foreach (var step in (int[])[1, 2, 3]) Save(folder, disk, step);
        var refused = new List<Problem>();

        var loaded = new CheckpointFolder(disk, Folder, "r/checkpoints").Load(
            (_, shown) => shown.EndsWith("3-000001", StringComparison.Ordinal) ? throw Refusal(shown) : shown, refused.Add);

        Assert.Equal("r/checkpoints/0000000002-000001", loaded);
        Assert.Equal("r/checkpoints/0000000003-000001: no", Assert.Single(refused).Message);
    }

    [Fact]
    public void What_the_disk_does_not_give_is_told_too()
    {
        var disk = new CrashDisk();
        var folder = new CheckpointFolder(disk, Folder, "r/checkpoints");
        foreach (var step in (int[])[1, 2]) Save(folder, disk, step);
        var refused = new List<Problem>();

        new CheckpointFolder(disk, Folder, "r/checkpoints").Load(
            (_, shown) => shown.EndsWith("2-000001", StringComparison.Ordinal) ? throw new IOException("torn") : shown, refused.Add);

        var problem = Assert.Single(refused);
        Assert.Equal(
            ("DT7103", ExitCode.Unreadable, "r/checkpoints/0000000002-000001: cannot be read (torn)"),
            (problem.Code, problem.ExitCode, problem.Message));
    }

    [Fact]
    public void A_refused_one_is_not_counted_and_not_removed_when_the_run_goes_on()
    {
        var disk = new CrashDisk();
        var first = new CheckpointFolder(disk, Folder, "r/checkpoints") { KeptCount = 2 };
        foreach (var step in (int[])[10, 20]) Save(first, disk, step);
        var second = new CheckpointFolder(disk, Folder, "r/checkpoints") { KeptCount = 2 };
        second.Load((_, shown) => shown.Contains("20-", StringComparison.Ordinal) ? throw Refusal(shown) : shown, _ => { });

        Save(second, disk, 12, term: 2);
        Save(second, disk, 14, term: 2);

        Assert.Equal(["0000000012-000002", "0000000014-000002", "0000000020-000001"], NamesOn(disk));
    }

    [Fact]
    public void Of_the_same_step_the_higher_term_is_taken()
    {
        var disk = new CrashDisk();
        var folder = new CheckpointFolder(disk, Folder, "r/checkpoints");
        Save(folder, disk, 7, term: 2);
        Save(folder, disk, 7, term: 1);

        Assert.Equal("r/checkpoints/0000000007-000002", folder.Load((_, shown) => shown, _ => { }));
    }

    [Fact]
    public void Who_has_been_followed_by_a_higher_term_puts_nothing_into_place()
    {
        var disk = new CrashDisk();
        var terms = new RunTerms(disk, Run + "/terms");
        var folder = new CheckpointFolder(disk, Folder, "r/checkpoints");
        var lower = terms.Take("a");
        terms.Take("b");

        var refusal = Assert.Throws<DistTrainException>(() => folder.Save(new CheckpointName(1, lower), Parts(1), terms));

        Assert.Equal(("DT5002", ExitCode.Cluster), (refusal.Problem.Code, refusal.Problem.ExitCode));
        Assert.Equal("another process goes on with this run: it has term 2, this one term 1", refusal.Problem.Message);
        Assert.Empty(NamesOn(disk));
    }

    [Fact]
    public void Temporary_files_of_the_dead_are_removed_before_anything_is_read()
    {
        var disk = new CrashDisk();
        disk.Create(DurableFile.TemporaryFor($"{Folder}/0000000003-000001")).Dispose();

        Assert.Null(new CheckpointFolder(disk, Folder, "r/checkpoints").Load((_, shown) => shown, _ => { }));
        Assert.Empty(disk.Paths);
    }

    static void SaveFive(CrashDisk disk, Acknowledged acknowledged)
    {
        var folder = new CheckpointFolder(disk, Folder, "r/checkpoints") { KeptCount = 2 };
        for (var step = 1; step <= 5; step++)
        {
            Save(folder, disk, step);
            acknowledged.Step = step;
        }
    }

    static void Save(CheckpointFolder folder, CrashDisk disk, int step, long term = 1) =>
        folder.Save(new CheckpointName(step, new Term(term)), Parts(step), new RunTerms(disk, Run + "/terms"));

    /// <summary>The step of the checkpoint that loads, whole and with the content that was written for it; 0 where none does.</summary>
    static int Load(CrashDisk disk) => new CheckpointFolder(disk, Folder, "r/checkpoints").Load(
        (file, shown) =>
        {
            var header = CheckpointFile.Read(file, shown);
            var state = new byte[file.Length - file.Position - 32];
            file.ReadExactly(state);
            Assert.Equal(State(header.Step), state);
            return Tuple.Create(header.Step);
        },
        _ => { })?.Item1 ?? 0;

    static ImmutableArray<ReadOnlyMemory<byte>> Parts(int step) =>
        CheckpointFile.Compose(new CheckpointHeader(Identity, First, step, step, "hash"), [State(step)]);

    /// <summary>Some pages, other ones for each step.</summary>
    static byte[] State(int step)
    {
        var state = new byte[9000 + step];
        for (var i = 0; i < state.Length; i++) state[i] = (byte)CounterRandom.At((ulong)step, 1, (ulong)i);
        return state;
    }

    static IEnumerable<string> NamesOn(CrashDisk disk) => disk.Paths
        .Where(path => path.StartsWith(Folder, StringComparison.Ordinal)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    static DistTrainException Refusal(string shown) => new Problem("DT7101", ExitCode.Unreadable, $"{shown}: no").AsException();

    /// <summary>The last checkpoint whose saving returned.</summary>
    sealed class Acknowledged
    {
        public int Step { get; set; }
    }
}
