import { expect, test } from 'vitest';
import { signAli } from '#shared/solvers/alidns/sign.ts';
import { signTencent } from '#shared/solvers/dnspod/sign.ts';

// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature, "fixed parameters"
test('a request to Alibaba Cloud is signed as its documentation shows', () => {
  const { query, headers } = signAli(
    {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      action: 'RunInstances',
      version: '2014-05-26',
      parameters: {
        RegionId: 'cn-shanghai',
        ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
      },
      at: new Date('2023-10-26T10:22:32.987Z'),
      nonce: '3156853299f313e23d1673dc12e1703d',
    },
    { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' },
  );
  expect(query).toBe(
    'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
  );
  expect(headers.authorization).toBe(
    'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  );
});

// https://cloud.tencent.com/document/api/213/30654, whose keys are asterisks
test('a request to Tencent Cloud is signed as its documentation shows', () => {
  const hidden = '*'.repeat(32);
  const headers = signTencent(
    {
      host: 'cvm.tencentcloudapi.com',
      service: 'cvm',
      action: 'DescribeInstances',
      version: '2017-03-12',
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
      at: new Date(1_551_113_065_000),
    },
    { secretId: `AKID${hidden}`, secretKey: hidden },
  );
  expect(headers.authorization).toBe(
    `TC3-HMAC-SHA256 Credential=AKID${hidden}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f`,
  );
  expect(headers['x-tc-timestamp']).toBe('1551113065');
});
