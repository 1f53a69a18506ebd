using System.Security.Cryptography;
using System.Text;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Numerics;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Data;

namespace DistTrain.Shared.Tests.Formats.Datasets;

public sealed class DatasetRefusalTests
{
    const string Example = "all storages, weights, gaps";
    const string Rounded = "all storages, rounded";
    const string Shard = "training-00001.arrow";

    [Fact]
    public void A_byte_changed_in_any_file_is_found_and_the_file_named()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        var random = new CounterRandom(1, 1);
        foreach (var (name, bytes) in files.Files.Where(file => file.Key != DatasetNames.Manifest))
        {
            foreach (var place in new[] { 0, bytes.Length / 2, bytes.Length - 1, random.NextInt32(bytes.Length) })
            {
                bytes[place] ^= 0x10;
                Assert.StartsWith($"DT4705: data/{name}: damaged: its SHA-256", Refusal.TextOf(() => files.Read()));
                bytes[place] ^= 0x10;
            }
        }
        files.Read();
    }

    [Fact]
    public void A_byte_changed_in_the_manifest_never_gives_another_dataset()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        var (manifest, fingerprint) = (files.Files[DatasetNames.Manifest], files.Read().Manifest.Fingerprint);
        for (var place = 0; place < manifest.Length; place += 3)
        {
            manifest[place] ^= 0x05;
            if (RefusalOf(files) is { } problem) Assert.Equal(ExitCode.Input, problem.ExitCode);
            else Assert.Equal(fingerprint, files.Read().Manifest.Fingerprint);
            manifest[place] ^= 0x05;
        }
    }

    [Theory, InlineData(DatasetNames.Features), InlineData(Shard)]
    public void A_file_of_another_length_is_refused(string name)
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        files.Files[name] = files.Files[name][..^8];

        Assert.StartsWith($"DT4705: data/{name}: damaged: it has ", Refusal.TextOf(() => files.Read()));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        files.Files.Remove(Shard);

        Assert.StartsWith($"DT4704: data/{Shard}: cannot be read (no such file)", Refusal.TextOf(() => files.Read()));
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "the file is not an object")]
    [InlineData("""{"format":"disttrain-model"}""", "not the manifest of a dataset")]
    [InlineData("""{"format":"disttrain-dataset"}""", "field \"formatVersion\" is missing")]
    public void A_manifest_that_is_none_is_refused(string text, string why)
    {
        var files = new FilesInMemory { Files = { [DatasetNames.Manifest] = Encoding.UTF8.GetBytes(text) } };

        Assert.Contains($"DT4702: data/manifest.json: {why}", Refusal.TextOf(() => files.Read()));
    }

    [Theory]
    [InlineData("\"seed\":", "\"sead\":", "\"seed\" is missing")]
    [InlineData("\"origin\":", "\"more\": 1, \"origin\":", "\"more\" is not known")]
    [InlineData("training-00001", "../training-1", "is not the name of a file of a dataset")]
    [InlineData("training-00001", "training-00000", "two files have the same name")]
    [InlineData("\"dense\": ", "\"dense\": 1", "layout and columns differ")]
    [InlineData("\"kind\": \"level\"", "\"kind\": \"lever\"", "kind \"lever\" is not known")]
    public void A_manifest_with_something_else_in_it_is_refused(string part, string other, string why)
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        Rewrite(files, part, other);

        var text = Refusal.TextOf(() => files.Read());
        Assert.StartsWith("DT4702: data/manifest.json: ", text);
        Assert.Contains(why, text);
    }

    [Theory]
    [InlineData("\"format\": \"bf16\"", "\"format\": \"fp16\"", "format \"fp16\" of rounded rows is not known")]
    [InlineData("\"format\": \"bf16\"", "\"format\": \"float32\"", "format \"float32\" of rounded rows is not known")]
    [InlineData("\"squareSum\": ", "\"squareSum\": -", "\"squareSum\" is -")]
    [InlineData("\"largest\": ", "\"largest\": -", "\"largest\" is -")]
    public void A_manifest_with_another_rounding_is_refused(string part, string other, string why)
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Rounded));
        Rewrite(files, part, other);

        Assert.Contains(why, Refusal.TextOf(() => files.Read()));
    }

    [Fact]
    public void A_shard_of_another_format_is_refused()
    {
        var (files, whole) = (FilesInMemory.Of(StoredExamples.Of(Rounded)), FilesInMemory.Of(StoredExamples.Of(Example)));
        Replace(whole, Shard, files.Files[Shard]);

        Assert.StartsWith($"DT4706: data/{Shard}: column \"dense\" is missing", Refusal.TextOf(() => whole.Read()));
    }

    [Fact]
    public void Another_format_version_is_named()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        Rewrite(files, "\"formatVersion\": 2", "\"formatVersion\": 3");

        Assert.StartsWith("DT4703: data/manifest.json: format version 3, but this version reads 2", Refusal.TextOf(() => files.Read()));
    }

    [Fact]
    public void A_file_in_the_place_of_another_is_refused_by_what_is_in_it()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        Replace(files, Shard, files.Files[DatasetNames.Features]);

        Assert.StartsWith($"DT4706: data/{Shard}: it has ", Refusal.TextOf(() => files.Read()));
    }

    [Fact]
    public void Bytes_that_are_no_arrow_file_are_refused()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        Replace(files, Shard, new byte[1000]);

        Assert.StartsWith($"DT4706: data/{Shard}: not an Arrow IPC file", Refusal.TextOf(() => files.Read()));
    }

    [Fact]
    public void A_shard_whose_structure_is_forged_is_refused_and_never_crashes()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        var whole = files.Files[Shard].ToArray();
        var random = new CounterRandom(7, 2);
        for (var i = 0; i < 300; i++)
        {
            var forged = whole.ToArray();
            for (var k = 0; k < 3; k++) forged[8 + random.NextInt32(1500)] = (byte)random.NextInt32(256);
            Replace(files, Shard, forged);
            if (RefusalOf(files) is { } problem) Assert.Contains(problem.Code, new[] { "DT4706", "DT4707" });
        }
    }

    [Fact]
    public void A_fingerprint_that_is_not_that_of_the_shards_is_refused_before_a_shard_is_read()
    {
        var dataset = StoredExamples.Of("text");
        var files = FilesInMemory.Of(dataset);
        Rewrite(files, $"\"fingerprint\": \"{dataset.Manifest.Fingerprint}\"", $"\"fingerprint\": \"{new string('0', 64)}\"");

        files.Files.Remove(Shard);

        Assert.StartsWith(
            $"DT4707: data/manifest.json: its shards make fingerprint {dataset.Manifest.Fingerprint}, but it says 000000",
            Refusal.TextOf(() => DatasetReader.Read(files.Manifest, files)));
    }

    [Fact]
    public void A_shard_that_the_manifest_names_in_the_place_of_another_is_refused_before_it_is_read()
    {
        var dataset = StoredExamples.Of(Example);
        var files = FilesInMemory.Of(dataset);
        var (first, second) = (dataset.Manifest.TrainingHashes[0], dataset.Manifest.TrainingHashes[1]);
        Rewrite(files, $"\"rowsSha256\": \"{first}\"", $"\"rowsSha256\": \"{second}\"");

        Assert.StartsWith("DT4707: data/manifest.json", Refusal.TextOf(() => DatasetReader.Read(files.Manifest, files)));
    }

    [Fact]
    public void Rows_that_are_not_those_of_the_fingerprint_are_refused_where_all_are_read()
    {
        var dataset = StoredExamples.Of(Example);
        var files = FilesInMemory.Of(dataset);
        Rewrite(files, $"\"rowsSha256\": \"{dataset.Manifest.TrainingHashes[1]}\"", $"\"rowsSha256\": \"{new string('0', 64)}\"");
        var made = Refusal.TextOf(() => files.Read()).Split("make fingerprint ")[1][..64];
        Rewrite(files, $"\"fingerprint\": \"{dataset.Manifest.Fingerprint}\"", $"\"fingerprint\": \"{made}\"");

        Assert.StartsWith($"DT4707: data/{Shard}: its rows are not those", Refusal.TextOf(() => files.Read()));
    }

    [Fact]
    public void A_shard_that_could_not_be_opened_is_tried_again()
    {
        var files = FilesInMemory.Of(StoredExamples.Of(Example));
        var shards = new StoredShards(DatasetReader.Read(files.Manifest, files), files, ShardRoom.Unlimited);
        var bytes = files.Files[Shard];
        files.Files.Remove(Shard);

        Assert.StartsWith("DT4704", Refusal.TextOf(() => shards.Open(DatasetPart.Training, new ShardId(1))));
        Assert.False(shards.IsOpen(DatasetPart.Training, new ShardId(1)));
        files.Files[Shard] = bytes;

        Assert.Equal(1, shards.Open(DatasetPart.Training, new ShardId(1)).Id.Index);
        Assert.True(shards.IsOpen(DatasetPart.Training, new ShardId(1)));
    }

    static Problem? RefusalOf(FilesInMemory files)
    {
        try
        {
            files.Read();
            return null;
        }
        catch (DistTrainException e)
        {
            return e.Problem;
        }
    }

    /// <summary>Puts other bytes in a file's place, as if the manifest had always named them.</summary>
    static void Replace(FilesInMemory files, string name, byte[] bytes)
    {
        var stored = DatasetReader.Read(files.Manifest, files).Files.All.Single(file => file.Name == name);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        files.Files[name] = bytes;
        Rewrite(files, $"\"bytes\": {stored.Bytes},\n      \"sha256\": \"{stored.Sha256}", $"\"bytes\": {bytes.Length},\n      \"sha256\": \"{hash}");
    }

    static void Rewrite(FilesInMemory files, string part, string other)
    {
        var text = Encoding.UTF8.GetString(files.Manifest.Span);
        var place = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(place >= 0, part);
        files.Files[DatasetNames.Manifest] = Encoding.UTF8.GetBytes(text[..place] + other + text[(place + part.Length)..]);
    }
}
