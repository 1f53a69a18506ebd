using DistTrain.Coordinator.Datasets;
using DistTrain.Coordinator.Files;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Blocks;
using DistTrain.Node.Datasets;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Formats.Datasets;

namespace DistTrain.Coordinator.Tests.Datasets;

public sealed class DatasetFolderTests : IDisposable
{
    const string Example = "all storages, weights, gaps";

    static readonly DatasetOrigin Origin = new("1.0", new("class", null, null, null, null), null, []);

    readonly string _path = Path.Combine(Path.GetTempPath(), $"dataset-{Guid.NewGuid():N}", "dataset");

    public void Dispose()
    {
        if (Directory.Exists(_path)) Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public void A_dataset_is_read_in_place_as_it_was_written()
    {
        var dataset = StoredExamples.Of(Example);
        var written = Folder.Write(dataset, Origin);

        using var content = new MappedFolder(_path, "data");
        var read = DatasetReader.ReadRows(DatasetReader.Read(content.ReadManifest(), content), content);

        Assert.Equal((dataset.Manifest.Fingerprint, dataset.Manifest.Fingerprint), (written.Fingerprint, read.Manifest.Fingerprint));
        foreach (var shard in Enumerable.Range(0, dataset.Manifest.ShardCount).Select(i => new ShardId(i)))
        {
            var (expected, found) = (dataset.Open(DatasetPart.Training, shard), read.Open(DatasetPart.Training, shard));
            Assert.Equal(expected.Dense.Values.ToArray(), found.Dense.Values.ToArray());
            Assert.Equal(expected.Dense.Row(3).ToArray(), found.Dense.Row(3).ToArray());
            Assert.Equal(expected.Dense.Slice(5, 9).Values.ToArray(), found.Dense.Slice(5, 9).Values.ToArray());
            AssertMapped(found.Dense);
        }
    }

    [Fact]
    public void Everything_in_the_folder_belongs_to_the_dataset()
    {
        var written = Folder.Write(StoredExamples.Of(Example), Origin);

        Assert.Equal(written.All.Select(file => file.Name).Order(), Directory.EnumerateFiles(_path).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void What_is_there_whole_is_kept()
    {
        var dataset = StoredExamples.Of(Example);
        var first = Folder.Write(dataset, Origin);
        var times = Times();

        var second = Folder.Write(dataset, Origin with { ProductVersion = "2.0" });

        Assert.Equal(first.All, second.All);
        Assert.Equal(times, Times());
    }

    [Fact]
    public void What_is_damaged_is_written_anew()
    {
        var dataset = StoredExamples.Of(Example);
        var first = Folder.Write(dataset, Origin);
        var shard = Path.Combine(_path, first.Files.Training[1].Name);
        var bytes = File.ReadAllBytes(shard);
        bytes[^100] ^= 1;
        File.WriteAllBytes(shard, bytes);

        Assert.Equal(first.All, Folder.Write(dataset, Origin).All);
        first.Files.Training[1].RequireIn(File.ReadAllBytes(shard), shard);
    }

    [Fact]
    public void Another_dataset_takes_its_place()
    {
        Folder.Write(StoredExamples.Of("numbers"), Origin);
        var dataset = StoredExamples.Of(Example);

        Folder.Write(dataset, Origin);

        using var content = new MappedFolder(_path, "data");
        Assert.Equal(dataset.Manifest.Fingerprint, DatasetReader.Read(content.ReadManifest(), content).Manifest.Fingerprint);
    }

    [Fact]
    public void What_a_writer_left_that_died_is_removed()
    {
        Directory.CreateDirectory(_path);
        var left = DurableFile.TemporaryFor(Path.Combine(_path, DatasetNames.Manifest));
        File.WriteAllText(left, "half");

        Folder.Write(StoredExamples.Of("numbers"), Origin);

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Its_files_are_given_to_those_who_know_their_hashes()
    {
        var published = new PublishedFiles();
        var written = Folder.Write(StoredExamples.Of("numbers"), Origin);

        Folder.Publish(written, published);

        Assert.All(written.All, file =>
        {
            using var stream = published.TryOpen(file.Sha256);
            Assert.Equal(file.Bytes, stream!.Length);
        });
        var offer = Folder.Offer(written, ["http://127.0.0.1:1"]);
        Assert.Equal((written.Fingerprint, written.Manifest.Sha256, _path), (offer.Fingerprint, offer.ManifestHash, offer.Path));
    }

    [Fact]
    public void A_folder_without_a_dataset_is_refused_by_name()
    {
        using var content = new MappedFolder(_path, "data");

        var problem = Assert.Throws<DistTrainException>(() => content.ReadManifest()).Problem;
        Assert.Equal(("DT4701", ExitCode.Input, "data: there is no dataset here"), (problem.Code, problem.ExitCode, problem.Message));
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_refused_by_name()
    {
        var written = Folder.Write(StoredExamples.Of("numbers"), Origin);
        var shard = Path.Combine(_path, written.Files.Training[0].Name);
        using var content = new MappedFolder(_path, "data");

        File.WriteAllText(shard, "");
        Assert.Equal("DT4704", Assert.Throws<DistTrainException>(() => content.Open(written.Files.Training[0])).Problem.Code);
        File.Delete(shard);
        Assert.Equal("DT4704", Assert.Throws<DistTrainException>(() => content.Open(written.Files.Training[0])).Problem.Code);
    }

    DatasetFolder Folder => new(Disk.Instance, _path, "dataset");

    List<DateTime> Times() => [.. Directory.EnumerateFiles(_path).Order().Select(File.GetLastWriteTimeUtc)];

    /// <summary>Not in memory of the collector: there is no array behind it.</summary>
    static void AssertMapped(DenseRows rows)
    {
        var field = typeof(DenseRows).GetField("_memory", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        Assert.Null(field.GetValue(rows));
    }
}
