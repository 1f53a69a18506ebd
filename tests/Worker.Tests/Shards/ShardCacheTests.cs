using DistTrain.Data.Storage;
using DistTrain.Node.Blocks;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Formats.Datasets;
using DistTrain.Training;
using DistTrain.Worker.Shards;

namespace DistTrain.Worker.Tests.Shards;

public sealed class ShardCacheTests : IDisposable
{
    const string Example = "all storages, weights, gaps";

    readonly string _folder = Path.Combine(Path.GetTempPath(), $"cache-{Guid.NewGuid():N}");
    readonly Dataset _dataset = StoredExamples.Of(Example);

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_shards_that_are_opened_are_fetched_and_each_once()
    {
        var files = new FilesOfCoordinator(_dataset);
        using var cache = CacheOf(files);
        var opened = await OpenAsync(cache, files);
        Assert.Equal(4, files.Fetched.Count);
        Assert.True(opened.Cached().IsEmpty);

        for (var i = 0; i < 3; i++) AssertSame(_dataset, opened.Shards, 1);

        Assert.Equal(["training-00001.arrow"], files.Fetched.Where(name => name.StartsWith("training-")));
        Assert.Equal(5, files.Fetched.Count);
        Assert.Equal(ShardSet.Of(new ShardId(1)), opened.Cached());
    }

    [Fact]
    public async Task All_threads_together_fetch_a_shard_once()
    {
        var files = new FilesOfCoordinator(_dataset);
        using var cache = CacheOf(files);
        var opened = await OpenAsync(cache, files);
        using var start = new Barrier(6);
        var threads = Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            opened.Shards.Open(DatasetPart.Training, new ShardId(2));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Single(files.Fetched, name => name.StartsWith("training-"));
    }

    [Fact]
    public async Task A_worker_that_starts_again_has_what_it_fetched_before()
    {
        var files = new FilesOfCoordinator(_dataset);
        using (var before = CacheOf(files)) AssertSame(_dataset, (await OpenAsync(before, files)).Shards, 0);
        var fetched = files.Fetched.Count;

        using var cache = CacheOf(files);
        var opened = await OpenAsync(cache, files);

        Assert.Equal(ShardSet.Of(new ShardId(0)), opened.Cached());
        AssertSame(_dataset, opened.Shards, 0);
        Assert.Equal(fetched, files.Fetched.Count);
    }

    [Fact]
    public async Task A_folder_that_is_shared_is_used_in_place()
    {
        var files = new FilesOfCoordinator(_dataset) { IsGone = true };
        files.WriteTo(Shared);
        using var cache = CacheOf(files);

        var opened = await OpenAsync(cache, files, Shared);

        AssertSame(_dataset, opened.Shards, 2);
        Assert.Equal(ShardSet.UpTo(_dataset.Manifest.ShardCount), opened.Cached());
    }

    [Fact]
    public async Task A_folder_at_that_path_with_another_dataset_is_left_alone()
    {
        new FilesOfCoordinator(StoredExamples.Of("numbers")).WriteTo(Shared);
        var files = new FilesOfCoordinator(_dataset);
        using var cache = CacheOf(files);

        var opened = await OpenAsync(cache, files, Shared);

        AssertSame(_dataset, opened.Shards, 1);
        Assert.Equal(5, files.Fetched.Count);
    }

    [Fact]
    public async Task A_file_damaged_in_a_shared_folder_is_fetched()
    {
        var files = new FilesOfCoordinator(_dataset);
        files.WriteTo(Shared);
        Damage(Path.Combine(Shared, "training-00001.arrow"));
        using var cache = CacheOf(files);

        AssertSame(_dataset, (await OpenAsync(cache, files, Shared)).Shards, 1);

        Assert.Equal(["training-00001.arrow"], files.Fetched);
    }

    [Fact]
    public async Task A_file_damaged_in_the_cache_is_fetched_again()
    {
        var files = new FilesOfCoordinator(_dataset);
        using (var before = CacheOf(files)) AssertSame(_dataset, (await OpenAsync(before, files)).Shards, 0);
        foreach (var path in Directory.EnumerateFiles(Cache).ToList()) Damage(path);

        using var cache = CacheOf(files);
        AssertSame(_dataset, (await OpenAsync(cache, files)).Shards, 0);

        Assert.Equal(10, files.Fetched.Count);
    }

    [Fact]
    public async Task What_could_not_be_fetched_is_fetched_the_next_time()
    {
        var files = new FilesOfCoordinator(_dataset);
        using var cache = CacheOf(files);
        var opened = await OpenAsync(cache, files);
        files.IsGone = true;
        Assert.Throws<BlockFetchException>(() => opened.Shards.Open(DatasetPart.Training, new ShardId(0)));

        files.IsGone = false;
        AssertSame(_dataset, opened.Shards, 0);
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_weather()
    {
        var files = new FilesOfCoordinator(_dataset) { IsGone = true };
        using var cache = CacheOf(files);

        await Assert.ThrowsAsync<BlockFetchException>(() => OpenAsync(cache, files));
    }

    [Fact]
    public async Task Another_dataset_than_the_run_has_is_refused_by_both_fingerprints()
    {
        var files = new FilesOfCoordinator(_dataset, fingerprint: new string('0', 64));
        using var cache = CacheOf(files);

        var problem = (await Assert.ThrowsAsync<DistTrainException>(() => OpenAsync(cache, files))).Problem;

        Assert.Equal(("DT3231", ExitCode.Configuration), (problem.Code, problem.ExitCode));
        Assert.Contains(_dataset.Manifest.Fingerprint, problem.Message);
        Assert.Contains(new string('0', 64), problem.Message);
    }

    [Fact]
    public async Task Beyond_the_bound_the_longest_unused_files_go_and_what_is_in_use_stays()
    {
        var old = new FilesOfCoordinator(StoredExamples.Of("libsvm"));
        using (var before = CacheOf(old)) (await OpenAsync(before, old)).Shards.Open(DatasetPart.Training, new ShardId(0));
        var left = Directory.EnumerateFiles(Cache).Select(path => Path.GetFileName(path)).ToList();
        Assert.Equal(5, left.Count);

        var files = new FilesOfCoordinator(_dataset);
        using var cache = new ShardCache(new ShardCacheOptions { Folder = Cache, BytesMax = 1 }, files);
        var opened = await OpenAsync(cache, files);
        for (var shard = 0; shard < 3; shard++) AssertSame(_dataset, opened.Shards, shard);

        var now = Directory.EnumerateFiles(Cache).Select(path => Path.GetFileName(path)).ToList();
        Assert.Empty(now.Intersect(left));
        Assert.Equal(7, now.Count);
    }

    [Fact]
    public async Task Within_the_bound_other_datasets_stay()
    {
        var old = new FilesOfCoordinator(StoredExamples.Of("libsvm"));
        using (var before = CacheOf(old)) await OpenAsync(before, old);
        var files = new FilesOfCoordinator(_dataset);
        using var cache = CacheOf(files);

        await OpenAsync(cache, files);

        Assert.Equal(8, Directory.EnumerateFiles(Cache).Count());
    }

    string Cache => Path.Combine(_folder, "cache");

    string Shared => Path.Combine(_folder, "shared");

    ShardCache CacheOf(FilesOfCoordinator files) => new(new ShardCacheOptions { Folder = Cache }, files);

    static Task<OpenedDataset> OpenAsync(ShardCache cache, FilesOfCoordinator files, string? path = null) =>
        cache.OpenAsync(path is null ? files.Offer : files.Offer with { Path = path }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    static void AssertSame(Dataset dataset, IShardSource shards, int shard)
    {
        var (expected, found) =
            (dataset.Open(DatasetPart.Training, new ShardId(shard)), shards.Open(DatasetPart.Training, new ShardId(shard)));
        Assert.Equal(expected.SourceRows, found.SourceRows);
        Assert.Equal(expected.Dense.Values.ToArray(), found.Dense.Values.ToArray());
        Assert.Equal(expected.Sparse.Rows, found.Sparse.Rows);
    }

    static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
